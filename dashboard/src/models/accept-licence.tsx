import type { CatalogueModelView } from '../../../src/server/protocol.js';
import { Dialog } from '../ui/dialog.js';
import { Form } from '../ui/form.js';
import { modelTexts as texts } from './model-texts.js';

/** Asks whether somebody accepts a licence that binds whoever uses a model, before it is pulled. */
export function AcceptLicence(props: {
  readonly model: CatalogueModelView;
  readonly onAccepted: () => Promise<void>;
  readonly onClose: () => void;
}) {
  const { name, licence, note, origin } = props.model;
  return (
    <Dialog title={texts.licenceTitle(licence)} onClose={props.onClose}>
      <Form send={texts.pull} onSend={() => props.onAccepted().then(props.onClose)}>
        <p>{texts.licenceAbout(name, licence)}</p>
        {note !== undefined && <p>{note}</p>}
        <p>
          <a href={origin} target="_blank" rel="noreferrer">
            {texts.origin}
          </a>
        </p>
        <label class="check">
          <input type="checkbox" required />
          {texts.licenceAccept(licence)}
        </label>
      </Form>
    </Dialog>
  );
}
