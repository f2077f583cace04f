import { createHmac, randomBytes } from 'node:crypto';
import path from 'node:path';
import { AppError, toAppError } from '../base/index.js';
import { writeDurably } from './durable-write.js';
import { editText } from './edit-document.js';
import type { Environment } from './environment.js';
import { readConfigFile } from './load.js';
import { masked } from './masked.js';
import { parseConfig } from './parse.js';
import { parseYaml } from './plain-yaml.js';
import { pathText } from './problem.js';

/** The configuration as saved, without secrets, and the tag of the file's text. */
export interface SavedConfig {
  readonly config: unknown;
  /** A strong entity tag, in its quotes. Changes with every byte of the file, and with every start of the server. */
  readonly etag: string;
}

/** A configuration file that is read and changed by the API. One change is made at a time. */
export class ConfigFile {
  readonly #file: string;
  readonly #env: Environment;
  readonly #labels: readonly string[];
  readonly #apply: () => Promise<void>;
  #unsaved: string | undefined;
  /** A plain hash of the file would let its short secrets be guessed. */
  readonly #key = randomBytes(32);
  #changing: Promise<unknown> = Promise.resolve();

  /**
   * @param options.apply reads the file as if it had been saved by hand, and resolves once it is in force
   * @param options.unsaved stands for the file as long as there is none: its text is what is in force; the first change makes the file
   */
  constructor(options: {
    file: string;
    env: Environment;
    labels: readonly string[];
    apply: () => Promise<void>;
    unsaved?: string | undefined;
  }) {
    this.#file = options.file;
    this.#env = options.env;
    this.#labels = options.labels;
    this.#apply = options.apply;
    this.#unsaved = options.unsaved;
  }

  /** @throws {AppError} `config/file-broken`, and what reading the file throws */
  async read(): Promise<SavedConfig> {
    return this.#savedOf(await this.#text());
  }

  /**
   * Applies a merge patch (RFC 7396) to the file, checked as a saved file is; resolves once it is in force.
   *
   * @param etag of the text that the patch was made for
   * @returns also the keys that changed, such as `cameras.gate.name`
   * @throws {AppError} `config/changed-meanwhile`, `config/file-broken`, `config/file-only`, `config/masked-value`, `config/not-editable`, and
   *   what a broken file is refused with; the file stays as it is then
   */
  async change(patch: unknown, etag: string): Promise<SavedConfig & { readonly keys: readonly string[] }> {
    const change = this.#changing.then(() => this.#change(patch, etag));
    this.#changing = change.catch(() => undefined);
    return change;
  }

  async #change(patch: unknown, etag: string) {
    const text = await this.#text();
    if (this.#etagOf(text) !== etag) throw changedMeanwhile();
    this.#check(text);
    const edited = editText(text, patch);
    if (edited.paths.length > 0) {
      this.#parse(edited.text);
      await writeDurably(this.#file, edited.text, async () => {
        if ((await this.#text()) !== text) throw changedMeanwhile();
      });
      this.#unsaved = undefined;
      await this.#apply();
    }
    return { ...this.#savedOf(edited.text), keys: edited.paths.map(pathText) };
  }

  async #text(): Promise<string> {
    try {
      const text = await readConfigFile(this.#file);
      // There is a file from now on: one that is deleted later is missed, not taken for the one that never was.
      this.#unsaved = undefined;
      return text;
    } catch (error) {
      if (this.#unsaved !== undefined && toAppError(error).code === 'config/not-found') return this.#unsaved;
      throw error;
    }
  }

  #savedOf(text: string): SavedConfig {
    this.#check(text);
    return { config: masked(parseYaml(text) ?? {}), etag: this.#etagOf(text) };
  }

  /** What cannot be used now can be neither shown (its secrets are not known) nor changed. */
  #check(text: string): void {
    try {
      this.#parse(text);
    } catch (error) {
      throw new AppError(
        'config/file-broken',
        'conflict',
        `the file on the disk is broken, mend it by hand first: ${toAppError(error).message}`,
        { cause: error },
      );
    }
  }

  #parse(text: string): void {
    const file = path.basename(this.#file);
    const baseDir = path.dirname(path.resolve(this.#file));
    parseConfig(text, { file, baseDir, env: this.#env, labels: this.#labels });
  }

  #etagOf(text: string): string {
    return `"${createHmac('sha256', this.#key).update(text).digest('base64url')}"`;
  }
}

function changedMeanwhile(): AppError {
  return new AppError(
    'config/changed-meanwhile',
    'conflict',
    'the configuration is no longer what If-Match names: read it again with GET /api/v1/config, and make the change anew',
  );
}
