import { useEffect, useRef, useState } from 'preact/hooks';
import type { WebcamView } from '../../../src/server/protocol.js';
import { isCameraId } from '../cameras/camera-id.js';
import { applyToConfig } from '../cameras/config-file.js';
import { requestJson, wordsOf } from '../request.js';
import { refreshCameras } from '../server-link.js';
import { cameras } from '../state.js';
import { startTexts } from '../start/start-texts.js';
import { Form, textOf } from '../ui/form.js';
import { sendWebcam } from './sending.js';
import { closeWebcam, openWebcam } from './webcam-stream.js';
import { freeName } from './webcam-support.js';
import { webcamTexts as texts } from './webcam-texts.js';
import './webcam.css';

/** The webcam of the device that the page is looked at on, as a camera. `onAdded`: it is in force and sent. */
export function AddWebcam({ onAdded }: { readonly onAdded: (id: string) => void }) {
  const [stream, setStream] = useState<MediaStream>();
  const [fault, setFault] = useState<string>();
  const [round, setRound] = useState(0);
  /** Whose the webcam is: the form's, which gives it back when it is left, or already the one's that sends it. */
  const isHandedOver = useRef(false);
  const isLeft = useRef(false);
  useEffect(() => () => void (isLeft.current = true), []);
  useEffect(() => {
    let [isOver, opened] = [false, undefined as MediaStream | undefined];
    setFault(undefined);
    openWebcam().then(
      (found) => {
        // The answer may come when nobody is here any more.
        if (isOver) return closeWebcam(found);
        opened = found;
        setStream(found);
      },
      (error: unknown) => setFault(wordsOf(error)),
    );
    return () => {
      isOver = true;
      if (opened !== undefined && !isHandedOver.current) closeWebcam(opened);
    };
  }, [round]);

  if (fault !== undefined)
    return (
      <>
        <p class="fault" role="alert">
          {fault}
        </p>
        <p class="row">
          <button type="button" class="secondary" onClick={() => setRound(round + 1)}>
            {texts.askAgain}
          </button>
        </p>
      </>
    );
  if (stream === undefined) return <p role="status">{texts.asking}</p>;
  const send = async (given: FormData) => {
    const camera = textOf(given, 'id');
    if (!isCameraId(camera)) throw new Error(startTexts.idWrong);
    isHandedOver.current = true;
    try {
      await addAndSend(camera, stream);
    } catch (error) {
      isHandedOver.current = false;
      if (isLeft.current) closeWebcam(stream);
      throw error;
    }
    if (!isLeft.current) onAdded(camera);
  };
  return (
    <Form send={texts.show} onSend={send}>
      <Preview stream={stream} />
      <label class="field">
        {startTexts.id}
        <input
          name="id"
          type="text"
          required
          maxLength={63}
          autocapitalize="none"
          autocomplete="off"
          spellcheck={false}
          defaultValue={freeName((cameras.peek() ?? []).map(({ id }) => id))}
          aria-describedby="webcam-id-hint"
        />
        <span class="hint" id="webcam-id-hint">
          {startTexts.idHint}
        </span>
      </label>
    </Form>
  );
}

async function addAndSend(camera: string, stream: MediaStream): Promise<void> {
  const { source } = await requestJson<WebcamView>('/api/v1/webcams', { method: 'POST', body: {} });
  await applyToConfig(({ cameras = {} }) => {
    if (Object.hasOwn(cameras, camera)) throw new Error(startTexts.idTaken(camera));
    return { cameras: { [camera]: { source } } };
  });
  await refreshCameras();
  sendWebcam({ camera, source }, stream);
}

function Preview({ stream }: { readonly stream: MediaStream }) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    video.current!.srcObject = stream;
  }, [stream]);
  return <video ref={video} class="webcam-preview" aria-label={texts.preview} autoplay muted playsInline />;
}
