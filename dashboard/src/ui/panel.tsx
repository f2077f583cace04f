import type { ComponentChildren } from 'preact';

/** A part of a page under a heading. */
export function Panel(props: {
  readonly title: string;
  /** At the other end of the head. */
  readonly end?: ComponentChildren;
  readonly children: ComponentChildren;
}) {
  return (
    <section class="panel" aria-label={props.title}>
      <div class="panel-head">
        <h2>{props.title}</h2>
        {props.end}
      </div>
      {props.children}
    </section>
  );
}
