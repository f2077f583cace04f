import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { runCli } from './run-cli.js';

describe('sightline', () => {
  it('prints its version', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(await runCli(['--version'])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('lists its commands with --help', async () => {
    const { status, stdout } = await runCli(['--help']);
    expect(status).toBe(0);
    for (const command of ['serve', 'analyze', 'bench', 'doctor', 'evaluate'])
      expect(stdout).toContain(command);
  });

  it.each(['serve', 'analyze', 'bench', 'doctor', 'evaluate', 'evaluate detections'])(
    'explains %s with --help',
    async (command) => {
      const { status, stdout } = await runCli([...command.split(' '), '--help']);
      expect(status).toBe(0);
      expect(stdout).toContain(`Usage: sightline ${command}`);
    },
  );

  it.each([
    ['no command', [], /Usage: sightline/],
    ['an unknown command', ['serv'], /unknown command 'serv'[^]*Did you mean serve/],
    ['an unknown option', ['serve', '--prot', '1'], /unknown option '--prot'[^]*Did you mean --port/],
    ['a port that is no number', ['serve', '--port', '80x'], /--port.*80x.*0 to 65535/],
    [
      'a log level that is none',
      ['serve', '--log-level', 'loud'],
      /Allowed choices are debug, info, warn, error/,
    ],
    ['too many arguments', ['bench', 'extra'], /too many arguments/],
    ['a missing argument', ['analyze'], /missing required argument 'source'/],
    ['a rate out of range', ['analyze', 'x', '--fps', '0'], /--fps.*0\.1 to 1000/],
    ['an empty label', ['analyze', 'x', '--labels', 'a,,b'], /--labels/],
    ['a subcommand that is none', ['evaluate', 'detection'], /Did you mean detections/],
    ['a missing option', ['evaluate', 'detections'], /required option '--annotations/],
    ['a picture of no known kind', ['evaluate', 'detections', '--plot', 'a.gif'], /\.svg or \.png/],
    ['a name for no label', ['evaluate', 'detections', '--rename', 'a'], /OLD=NEW/],
  ])('answers %s with status 2 and what is meant', async (_, argv, message) => {
    const { status, stdout, stderr } = await runCli(argv);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('answers a wrong configuration with status 2, naming the line', async () => {
    const { status, stderr } = await runCli(['serve', '--config', 'test/cli/broken.yaml']);
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^sightline: test\/cli\/broken\.yaml:3:5: cameras\.gate\.sorce .*did you mean source\?/,
    );
  });

  it('answers a missing file with status 1 and one line', async () => {
    const { status, stdout, stderr } = await runCli(['analyze', 'nowhere.mp4']);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^sightline: nowhere\.mp4: no such file or folder\n$/);
  });
});
