import {
  activeBody,
  classifierChangeBody,
  feedbackBody,
  newClassifierBody,
  newExampleBody,
} from '../classifier-bodies.js';
import * as answers from './answers.js';
import type { Operation } from './operation.js';

/** Routes of classifiers of one's own, by method and path. */
export const CLASSIFIER_OPERATIONS: Readonly<Record<string, Operation>> = {
  'GET /api/v1/classifiers': {
    summary: 'Classifiers that are trained by examples',
    answer: answers.classifierList,
  },
  'POST /api/v1/classifiers': {
    summary: 'Make a classifier',
    body: newClassifierBody,
    status: 201,
    answer: answers.classifier,
    refusals: [409],
  },
  'GET /api/v1/classifiers/:name': { summary: 'A classifier', answer: answers.classifier },
  'PATCH /api/v1/classifiers/:name': {
    summary: 'Change what it is asked about, and when it is unsure',
    body: classifierChangeBody,
    answer: answers.classifier,
  },
  'DELETE /api/v1/classifiers/:name': {
    summary: 'Delete it, with its examples, versions and answers',
    status: 204,
  },
  'GET /api/v1/classifiers/:name/examples': {
    summary: 'Its labelled pictures',
    answer: answers.exampleList,
  },
  'POST /api/v1/classifiers/:name/examples': {
    summary: 'Label the picture of a track or event, or one that is sent',
    body: newExampleBody,
    status: 201,
    answer: answers.classifierExample,
    refusals: [409],
  },
  'GET /api/v1/classifiers/:name/examples/:id/picture.jpg': {
    summary: 'A labelled picture',
    answer: 'image/jpeg',
  },
  'DELETE /api/v1/classifiers/:name/examples/:id': { summary: 'Delete a labelled picture', status: 204 },
  'POST /api/v1/classifiers/:name/feedback': {
    summary: 'Say what a track is that it was wrong about: it learns from it next time',
    body: feedbackBody,
    status: 201,
    answer: answers.classifierExample,
    refusals: [409],
  },
  'POST /api/v1/classifiers/:name/train': {
    summary: 'Train a version on its labelled pictures, and put it in force',
    answer: answers.classifierVersion,
    refusals: [409, 504],
  },
  'GET /api/v1/classifiers/:name/versions': { summary: 'Its versions', answer: answers.versionList },
  'GET /api/v1/classifiers/:name/versions/:version/model.onnx': {
    summary: 'A version as an ONNX file',
    answer: 'application/octet-stream',
    refusals: [409],
  },
  'PUT /api/v1/classifiers/:name/active': {
    summary: 'Put a version in force, an earlier one too, or none',
    body: activeBody,
    answer: answers.classifier,
  },
};
