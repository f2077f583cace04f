import { useState } from 'preact/hooks';
import { cameras } from '../state.js';
import { systemTexts as texts } from './system-texts.js';

/** Which cameras somebody may see: all, or those that are ticked. Its fields are read by {@link grantOf}. */
export function CameraGrant({
  given,
  isAdmin,
}: {
  readonly given: '*' | readonly string[];
  readonly isAdmin: boolean;
}) {
  const [isAll, setAll] = useState(given === '*');
  if (isAdmin) return <p class="quiet">{texts.adminSeesAll}</p>;
  // Those that are no longer configured stay granted unless somebody takes them away.
  const known = (cameras.value ?? []).map(({ id }) => id);
  const ids = [...new Set([...known, ...(given === '*' ? [] : given)])].sort();
  return (
    <fieldset class="choice">
      <legend>{texts.cameras}</legend>
      <label class="check">
        <input type="radio" name="grant" value="all" checked={isAll} onChange={() => setAll(true)} />
        {texts.allCameras}
      </label>
      <label class="check">
        <input type="radio" name="grant" value="some" checked={!isAll} onChange={() => setAll(false)} />
        {texts.theseCameras}
      </label>
      {!isAll && (
        <div class="choice-list">
          {ids.length === 0 && <p class="quiet">{texts.noCamerasYet}</p>}
          {ids.map((id) => (
            <label class="check" key={id}>
              <input
                type="checkbox"
                name="camera"
                value={id}
                defaultChecked={given !== '*' && given.includes(id)}
              />
              {id}
            </label>
          ))}
        </div>
      )}
    </fieldset>
  );
}

/** What the fields say; an administrator sees all. */
export function grantOf(given: FormData): '*' | readonly string[] {
  return given.get('grant') === 'some' ? given.getAll('camera').map(String) : '*';
}
