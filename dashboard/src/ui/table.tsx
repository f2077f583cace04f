import type { ComponentChildren } from 'preact';

/** A table that scrolls to the side where it is too wide, also by the keyboard. Its children are its rows; a column without a name has actions. */
export function Table(props: {
  readonly label: string;
  readonly columns: readonly string[];
  readonly children: ComponentChildren;
}) {
  return (
    <div class="table-scroll" tabIndex={0} role="group" aria-label={props.label}>
      <table class="table">
        <thead>
          <tr>
            {props.columns.map((name) =>
              name === '' ? (
                <td key={name} />
              ) : (
                <th key={name} scope="col">
                  {name}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>{props.children}</tbody>
      </table>
    </div>
  );
}
