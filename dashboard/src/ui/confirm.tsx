import { Dialog } from './dialog.js';
import { Form } from './form.js';

/** Asks before what cannot be undone. Closes when `onSure` has resolved; what it rejects with is told in it. */
export function Confirm(props: {
  readonly title: string;
  /** What is lost. */
  readonly about: string;
  /** On the button that does it. */
  readonly sure: string;
  readonly onSure: () => Promise<void>;
  readonly onClose: () => void;
}) {
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <Form send={props.sure} onSend={() => props.onSure().then(props.onClose)} isDangerous>
        <p>{props.about}</p>
      </Form>
    </Dialog>
  );
}
