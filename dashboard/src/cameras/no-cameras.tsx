import { may } from '../access/may.js';
import { hrefOf } from '../place.js';
import { texts } from '../texts.js';

/** That there is no camera yet, and the way to the first one for those who may go it. */
export function NoCameras() {
  return (
    <>
      {texts.noCameras}
      {may('config') && (
        <>
          {' '}
          <a href={hrefOf('start')}>{texts.firstCamera}</a>
        </>
      )}
    </>
  );
}
