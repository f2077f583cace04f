import { useEffect, useRef, useState } from 'preact/hooks';
import { searchTexts as texts } from './search-texts.js';

/** A picture to search by, small enough to be sent. */
export interface SearchedPicture {
  readonly jpegBase64: string;
  /** Of the object, `[x1, y1, x2, y2]` as shares of the picture; absent: all of it. */
  readonly box?: Share;
}

type Share = readonly [number, number, number, number];

/** The longer side of what is sent, px: the network looks at less. */
const SIDE_PX = 1024;
const QUALITY = 0.9;
/** A smaller part was no drag. */
const LEAST_SHARE = 0.03;

/** The body of `POST /api/v1/search/similar`. */
export function searchBodyOf({ jpegBase64, box }: SearchedPicture, query: URLSearchParams, limit: number) {
  const cameras = query.getAll('camera');
  const one = (name: string) => query.get(name) ?? undefined;
  return {
    picture: jpegBase64,
    ...(box !== undefined && { box }),
    ...(cameras.length > 0 && { camera: cameras }),
    ...{ label: one('label'), zone: one('zone'), colour: one('colour') },
    ...{ from: one('from'), to: one('to'), limit },
  };
}

/** Chooses a picture of the user's to search by, and the part of it that is meant. It stays in the page but for the search itself. */
export function PictureSearch(props: {
  readonly picture: SearchedPicture | undefined;
  readonly onPicture: (picture: SearchedPicture | undefined) => void;
}) {
  const { picture, onPicture } = props;
  const input = useRef<HTMLInputElement>(null);
  const [isUnreadable, setUnreadable] = useState(false);
  const [canvas, setCanvas] = useState<HTMLCanvasElement>();
  useEffect(() => {
    if (picture === undefined) setCanvas(undefined);
  }, [picture === undefined]);
  const take = async (file: File | undefined) => {
    if (file === undefined) return;
    try {
      const small = await shrunk(file);
      setCanvas(small);
      setUnreadable(false);
      onPicture({ jpegBase64: base64Of(small) });
    } catch {
      // No picture, or of a kind that this browser does not know.
      setUnreadable(true);
    }
    if (input.current !== null) input.current.value = '';
  };
  return (
    <>
      <button
        type="button"
        class="secondary"
        aria-pressed={picture !== undefined}
        onClick={() => input.current?.click()}
      >
        {texts.picture}
      </button>
      <input
        ref={input}
        type="file"
        accept="image/*"
        hidden
        aria-label={texts.picture}
        onChange={({ currentTarget }) => void take(currentTarget.files?.[0])}
      />
      {isUnreadable && (
        <span class="fault" role="alert">
          {texts.pictureUnreadable}
        </span>
      )}
      {picture !== undefined && canvas !== undefined && (
        <div class="search-picture">
          <Part
            picture={canvas}
            box={picture.box}
            onBox={(box) => onPicture({ jpegBase64: picture.jpegBase64, ...(box !== undefined && { box }) })}
          />
          <p class="quiet">{texts.pictureHint}</p>
          <button type="button" class="plain" onClick={() => onPicture(undefined)}>
            {texts.drop}
          </button>
        </div>
      )}
    </>
  );
}

/** The picture, and the part of it that is searched for: dragged over it. */
function Part(props: {
  readonly picture: HTMLCanvasElement;
  readonly box: Share | undefined;
  readonly onBox: (box: Share | undefined) => void;
}) {
  const { picture, box, onBox } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [dragged, setDragged] = useState<Share>();
  const placeOf = ({ offsetX, offsetY }: PointerEvent) => {
    const { clientWidth, clientHeight } = canvas.current!;
    const share = (px: number, of: number) => Math.min(1, Math.max(0, px / Math.max(1, of)));
    return [share(offsetX, clientWidth), share(offsetY, clientHeight)] as const;
  };
  useEffect(() => {
    const element = canvas.current!;
    element.width = picture.width;
    element.height = picture.height;
    const context = element.getContext('2d');
    if (context === null) return;
    context.drawImage(picture, 0, 0);
    const part = dragged === undefined ? box : sorted(dragged);
    if (part === undefined) return;
    const [x1, y1, x2, y2] = part.map((share, at) => share * (at % 2 === 0 ? picture.width : picture.height));
    context.fillStyle = 'rgb(5 6 7 / 55%)';
    context.beginPath();
    context.rect(0, 0, picture.width, picture.height);
    context.rect(x1!, y1!, x2! - x1!, y2! - y1!);
    context.fill('evenodd');
  }, [picture, box, dragged]);
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={texts.pictureChosen}
      onPointerDown={(event) => {
        canvas.current!.setPointerCapture(event.pointerId);
        const [x, y] = placeOf(event);
        setDragged([x, y, x, y]);
      }}
      onPointerMove={(event) => {
        const [x, y] = placeOf(event);
        setDragged((was) => was && [was[0], was[1], x, y]);
      }}
      onPointerUp={() => {
        const part = dragged && sorted(dragged);
        setDragged(undefined);
        if (part === undefined) return;
        const isPart = part[2] - part[0] >= LEAST_SHARE && part[3] - part[1] >= LEAST_SHARE;
        onBox(isPart ? part : undefined);
      }}
    />
  );
}

function sorted([x1, y1, x2, y2]: Share): Share {
  return [Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)];
}

async function shrunk(file: File): Promise<HTMLCanvasElement> {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, SIDE_PX / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return canvas;
}

function base64Of(canvas: HTMLCanvasElement): string {
  return canvas.toDataURL('image/jpeg', QUALITY).split(',')[1] ?? '';
}
