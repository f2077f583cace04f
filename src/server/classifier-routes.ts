import type { Request } from 'express';
import { maySee, type Caller } from '../access/index.js';
import { AppError } from '../base/index.js';
import { noSuchExample, type ClassifierInfo, type ExampleSource } from '../classifiers/index.js';
import type { ExampleRow } from '../store/index.js';
import {
  activeBody,
  bytesOf,
  classifierChangeBody,
  feedbackBody,
  newClassifierBody,
  newExampleBody,
} from './classifier-bodies.js';
import { classifierView, exampleView, versionView } from './classifier-views.js';
import type { ServerDependencies } from './dependencies.js';
import { noSuchEvent, noSuchTrack } from './history-routes.js';
import { readBody } from './json-body.js';
import { requirePlain } from './redaction.js';
import type { ClassifierList, ExampleList, VersionList } from './protocol.js';
import type { Route } from './route.js';

const BASE = '/api/v1/classifiers';
const ONE = `${BASE}/:name`;
const nameOf = ({ params }: Request) => String(params['name']);
const numberOf = ({ params }: Request, key: string) => {
  const text = String(params[key]);
  return /^\d{1,15}$/.test(text) ? Number(text) : -1;
};

/** Classifiers that users train by examples. */
export function classifierRoutes({
  classifiers,
  history,
  ...redactions
}: Pick<ServerDependencies, 'classifiers' | 'history' | 'redaction'>): Route[] {
  const viewOf = (one: ClassifierInfo, caller: Caller) => classifierView(one, (id) => maySee(caller, id));
  /** Its own id and camera, or that of the track that it turned out to be. */
  async function trackFor(caller: Caller, id: string) {
    const row = await history.read('track', id);
    if (row === undefined || !maySee(caller, row.camera)) throw noSuchTrack();
    return row.mergedInto === undefined ? row : ((await history.read('track', row.mergedInto)) ?? row);
  }
  async function exampleFor(caller: Caller, request: Request) {
    await classifiers.one(nameOf(request));
    const example = await classifiers.example(nameOf(request), numberOf(request, 'id'));
    if (example === undefined || !maySee(caller, example.camera)) throw noSuchExample();
    return example;
  }
  async function sourceOf(caller: Caller, request: Request): Promise<{ of: string; source: ExampleSource }> {
    const { class: of, track, event, picture, clip = 'uploads', box } = readBody(request, newExampleBody);
    if (picture !== undefined)
      return {
        of,
        source: { origin: 'upload', picture: bytesOf(picture), clip, ...(box !== undefined && { box }) },
      };
    if (event !== undefined) {
      const row = await history.read('event', event);
      if (row === undefined || !maySee(caller, row.camera)) throw noSuchEvent();
      return { of, source: { origin: 'event', id: event, camera: row.camera } };
    }
    const { id, camera } = await trackFor(caller, track!);
    return { of, source: { origin: 'track', id, camera } };
  }
  const seen = (caller: Caller, rows: readonly ExampleRow[]) =>
    rows.filter(({ camera }) => maySee(caller, camera));

  return [
    {
      path: BASE,
      permission: 'events',
      filtersCameras: true,
      answer: async (_request, response, caller) => {
        const all = (await classifiers.list()).map((one) => viewOf(one, caller));
        response.json({ classifiers: all } satisfies ClassifierList);
      },
    },
    {
      method: 'POST',
      path: BASE,
      permission: 'models',
      audit: 'classifier.create',
      answer: async (request, response, caller) => {
        const { name, classes, labels, cameras, unsureBelow } = readBody(request, newClassifierBody);
        const settings = {
          ...{ classes, unsureBelow },
          ...(labels !== undefined && { labels }),
          ...(cameras !== undefined && { cameras }),
        };
        response.status(201).json(viewOf(await classifiers.create(name, settings), caller));
      },
    },
    {
      path: ONE,
      permission: 'events',
      filtersCameras: true,
      answer: async (request, response, caller) =>
        void response.json(viewOf(await classifiers.one(nameOf(request)), caller)),
    },
    {
      method: 'PATCH',
      path: ONE,
      permission: 'models',
      audit: 'classifier.change',
      answer: async (request, response, caller) => {
        const body = readBody(request, classifierChangeBody);
        // A key that is there with null takes the limit away.
        const change = Object.fromEntries(
          Object.entries(body).map(([key, value]) => [key, value ?? undefined]),
        );
        response.json(viewOf(await classifiers.change(nameOf(request), change), caller));
      },
    },
    {
      method: 'DELETE',
      path: ONE,
      permission: 'models',
      audit: 'classifier.delete',
      answer: async (request, response) => {
        await classifiers.remove(nameOf(request));
        response.status(204).end();
      },
    },
    {
      path: `${ONE}/examples`,
      permission: 'events',
      filtersCameras: true,
      answer: async (request, response, caller) => {
        const examples = seen(caller, await classifiers.examples(nameOf(request))).map(exampleView);
        response.json({ examples } satisfies ExampleList);
      },
    },
    {
      method: 'POST',
      path: `${ONE}/examples`,
      permission: 'control',
      filtersCameras: true,
      audit: 'classifier.label',
      answer: async (request, response, caller) => {
        const name = nameOf(request);
        const { of, source } = await sourceOf(caller, request);
        const id = await classifiers.addExample(name, of, source);
        response.status(201).json(exampleView((await classifiers.example(name, id))!));
      },
    },
    {
      path: `${ONE}/examples/:id/picture.jpg`,
      permission: 'recordings',
      filtersCameras: true,
      pictures: 'plain',
      audit: 'picture.view',
      answer: async (request, response, caller) => {
        const { jpeg, camera } = await exampleFor(caller, request);
        // What somebody uploaded is of no camera.
        if (camera !== '') requirePlain(redactions, caller, camera);
        response.type('image/jpeg').send(Buffer.from(jpeg));
      },
    },
    {
      method: 'DELETE',
      path: `${ONE}/examples/:id`,
      permission: 'control',
      filtersCameras: true,
      audit: 'classifier.label',
      answer: async (request, response, caller) => {
        const { id } = await exampleFor(caller, request);
        await classifiers.removeExample(nameOf(request), id);
        response.status(204).end();
      },
    },
    {
      method: 'POST',
      path: `${ONE}/feedback`,
      permission: 'control',
      filtersCameras: true,
      audit: 'classifier.feedback',
      answer: async (request, response, caller) => {
        const name = nameOf(request);
        const { classes } = await classifiers.one(name);
        const { track, class: given } = readBody(request, feedbackBody);
        const row = await trackFor(caller, track);
        const said = row.classes.find(({ classifier }) => classifier === name)?.value;
        const of = given ?? otherThan(classes, said);
        const source = { origin: 'feedback', id: row.id, camera: row.camera } as const;
        const id = await classifiers.addExample(name, of, source);
        response.status(201).json(exampleView((await classifiers.example(name, id))!));
      },
    },
    {
      method: 'POST',
      path: `${ONE}/train`,
      permission: 'models',
      audit: 'classifier.train',
      answer: async (request, response) =>
        void response.json(versionView(await classifiers.train(nameOf(request)))),
    },
    {
      path: `${ONE}/versions`,
      permission: 'events',
      filtersCameras: true,
      answer: async (request, response) => {
        const versions = (await classifiers.versions(nameOf(request))).map(versionView);
        response.json({ versions } satisfies VersionList);
      },
    },
    {
      path: `${ONE}/versions/:version/model.onnx`,
      permission: 'models',
      audit: 'classifier.export',
      answer: async (request, response) => {
        const [name, version] = [nameOf(request), numberOf(request, 'version')];
        const model = await classifiers.toOnnx(name, version);
        response
          .attachment(`${name}-${version}.onnx`)
          .type('application/octet-stream')
          .send(Buffer.from(model));
      },
    },
    {
      method: 'PUT',
      path: `${ONE}/active`,
      permission: 'models',
      audit: 'classifier.activate',
      answer: async (request, response, caller) => {
        const { version } = readBody(request, activeBody);
        response.json(viewOf(await classifiers.activate(nameOf(request), version ?? undefined), caller));
      },
    },
  ];
}

/** Of two classes, the one that was not said. @throws {AppError} `classifier/which-class` where that does not follow */
function otherThan(classes: readonly string[], said: string | undefined): string {
  const others = classes.filter((one) => one !== said);
  if (others.length === 1) return others[0]!;
  throw new AppError(
    'classifier/which-class',
    'input',
    `"class" is missing, and what it is instead does not follow from what was said (${said ?? 'nothing'}): give one of ${classes.join(', ')}`,
  );
}
