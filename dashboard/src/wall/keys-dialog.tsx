import { Dialog } from '../ui/dialog.js';
import { areSingleKeysOn } from '../ui/single-keys.js';
import { wallTexts } from './wall-texts.js';

/** The keys of the wall, and whether they do anything. */
export function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title={wallTexts.keys} onClose={onClose}>
      <dl class="keys">
        {wallTexts.keyList.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <label class="check">
        <input
          type="checkbox"
          checked={areSingleKeysOn.value}
          onChange={({ currentTarget }) => (areSingleKeysOn.value = currentTarget.checked)}
        />
        {wallTexts.keysOn}
      </label>
    </Dialog>
  );
}
