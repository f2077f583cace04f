import { z } from 'zod';
import { MODEL_BYTES_MAX } from '../models/index.js';

/** What a model does, in the order in which they are listed. */
export const MODEL_TASKS = ['detect', 'scene', 'follow', 'embed', 'read', 'light'] as const;

/** Machines that models are recommended for, the weakest first. */
const MACHINE_CLASSES = ['small-cpu', 'vnni-cpu', 'gpu'] as const;

/** A model's name stands on command lines and in file names. */
const NAME = /^[a-z0-9][a-z0-9.-]{0,62}$/;
/** No folder, no hidden file: it becomes a path within the cache. */
const FILE_NAME = /^[a-z0-9][\w.-]{0,100}\.onnx$/i;

const address = z
  .url({ protocol: /^https$/ })
  .refine(
    (text) => new URL(text).username === '' && new URL(text).password === '',
    'holds a user or password',
  );

const file = z.strictObject({
  /** What the file is within the model; `model` where there is one only. */
  role: z.enum(['model', 'backbone', 'head']).default('model'),
  /** As it is called in the cache and in `SIGHTLINE_MODEL_DIR`, whatever its addresses call it. */
  file: z.string().regex(FILE_NAME),
  /** Null where only the hash is known. */
  sizeBytes: z.int().min(1).max(MODEL_BYTES_MAX).nullable(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  /**
   * How the hash came to be known: computed from the file by us, published beside the file (a Git LFS pointer, a model
   * card), or told alike by several programs that download it. Null with an unknown hash.
   */
  hashFrom: z.enum(['computed', 'publisher', 'third-parties']).nullable(),
  /** Tried in order. Empty where the file can only be brought by hand. */
  urls: z.array(address),
});

const cost = z.strictObject({
  /** Millions of parameters. */
  paramsM: z.number().positive().nullable(),
  /** As its authors count; some count multiplications and additions as one. Null where they say nothing. */
  gflops: z.number().positive().nullable(),
  /** The picture that AP and cost are about: width×height in pixels, or what is open. */
  input: z.string().min(1),
});

const entry = z
  .strictObject({
    task: z.enum(MODEL_TASKS),
    family: z.string().min(1),
    /** A known set, or the names themselves; none for what has no classes. */
    classes: z.union([z.enum(['coco-80', 'voc-21', 'none']), z.array(z.string().min(1)).min(1)]),
    /** SPDX identifier, as the authors state it. */
    licence: z.string().regex(/^[A-Za-z0-9.+-]+$/),
    note: z.string().min(1).optional(),
    /** Page of the project that it comes from. */
    origin: address,
    /** AP on COCO val2017 as `source` states it, 0 to 1; not measured by us. Null where nobody states it. */
    cocoAp: z
      .strictObject({ value: z.number().min(0).max(1), source: z.string().min(1) })
      .nullable()
      .default(null),
    cost,
    recommendedFor: z.array(z.enum(MACHINE_CLASSES)).default([]),
    /** Made on this machine from an npm package; such a model has no files to download. */
    convertedFrom: z.string().min(1).optional(),
    files: z.array(file).default([]),
  })
  .refine(({ files, convertedFrom }) => (files.length === 0) === (convertedFrom !== undefined), {
    message: 'has either files or convertedFrom',
  })
  .refine(({ files }) => files.every((one) => (one.sha256 === null) === (one.hashFrom === null)), {
    message: 'sha256 and hashFrom are known together',
  })
  .refine(({ files }) => new Set(files.map(({ role }) => role)).size === files.length, {
    message: 'has one file for each role',
  });

/** The shape of `models/catalog.yaml`. */
export const catalogueSchema = z.strictObject({ models: z.record(z.string().regex(NAME), entry) }).refine(
  ({ models }) => {
    const names = Object.values(models).flatMap(({ files }) => files.map((one) => one.file.toLowerCase()));
    return new Set(names).size === names.length;
  },
  { message: 'no two files have the same name' },
);

/** One model of the catalogue. */
export type CatalogueEntry = z.infer<typeof entry> & { readonly name: string };

/** One file of a model. */
export type ModelFile = z.infer<typeof file>;

/** What a model does. */
export type ModelTask = (typeof MODEL_TASKS)[number];

/** What a machine is, as far as the choice of a model goes. */
export type MachineClass = (typeof MACHINE_CLASSES)[number];

/** What a file is within its model. */
export type FileRole = ModelFile['role'];
