import { useEffect, useRef, useState } from 'preact/hooks';
import { isCameraId } from '../cameras/camera-id.js';
import { applyToConfig } from '../cameras/config-file.js';
import { refreshCameras } from '../server-link.js';
import { AS_TYPED, Field } from '../ui/field.js';
import { Form, textOf } from '../ui/form.js';
import { cameraNameOf } from './clip-name.js';
import { sendClip } from './send-clip.js';
import type { Adding } from './start-page.js';
import { startTexts as texts } from './start-texts.js';

/** A video of the user's own as a camera. */
export function AddClip({ onAdded }: Adding) {
  const [id, setId] = useState('');
  const [share, setShare] = useState<number>();
  const leaving = useRef(new AbortController());
  useEffect(() => () => leaving.current.abort(), []);
  const send = async (given: FormData) => {
    const name = textOf(given, 'id');
    const file = given.get('file');
    if (!(file instanceof File) || file.size === 0) throw new Error(texts.noFile);
    if (!isCameraId(name)) throw new Error(texts.idWrong);
    setShare(0);
    try {
      const { source } = await sendClip(file, setShare, leaving.current.signal);
      await applyToConfig(({ cameras = {} }) => {
        if (Object.hasOwn(cameras, name)) throw new Error(texts.idTaken(name));
        return { cameras: { [name]: { source } } };
      });
    } finally {
      setShare(undefined);
    }
    await refreshCameras();
    onAdded(name);
  };
  return (
    <Form send={texts.sendAndShow} onSend={send}>
      <Field
        label={texts.file}
        hint={texts.fileHint}
        name="file"
        type="file"
        accept="video/*,.mkv,.avi,.ts,.mov"
        onChange={(event) => setId(cameraNameOf(event.currentTarget.files?.[0]?.name ?? ''))}
      />
      <Field
        label={texts.id}
        hint={texts.idHint}
        name="id"
        required
        maxLength={63}
        {...AS_TYPED}
        value={id}
        onInput={(event) => setId(event.currentTarget.value)}
      />
      {share !== undefined && (
        <div class="row">
          <progress value={share} max={1} aria-label={texts.progress} />
          <span class="quiet numbers">{texts.sending(share)}</span>
        </div>
      )}
    </Form>
  );
}
