import { fileURLToPath } from 'node:url';
import type { FollowerSource } from './load-follower.js';

/** The Siamese network that comes with Sightline, trained by us (training/). */
export function defaultFollower(): FollowerSource {
  const file = (name: string) => fileURLToPath(new URL(`../../models/siamese/${name}`, import.meta.url));
  return { templatePath: file('template.onnx'), searchPath: file('search.onnx') };
}
