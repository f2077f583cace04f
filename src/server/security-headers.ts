import type { RequestHandler } from 'express';
import helmet from 'helmet';

const HSTS_SECONDS = 180 * 24 * 3600;

/** Nothing from elsewhere may be loaded, framed or run. `blob:` media is how MSE feeds a video element. */
export function securityHeaders(options: { isSecure: boolean }): ReturnType<typeof helmet> {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        mediaSrc: ["'self'", 'blob:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: options.isSecure ? { maxAge: HSTS_SECONDS, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  });
}

/** Our own pages may ask for a camera, to send it as one; nothing else of the device is theirs to ask for. */
export const permissionsPolicy: RequestHandler = (_request, response, next) => {
  response.set('Permissions-Policy', 'camera=(self), microphone=(), geolocation=(), display-capture=()');
  next();
};
