import { AppError } from '../base/index.js';

const LENGTH_MIN = 12;
const LENGTH_MAX = 200;

/** Words that lists of leaked passwords are made of: a password that is nothing but these and digits is guessed first. */
const COMMON_WORDS = [
  'password|passwort|passw0rd|motdepasse|contrasena|qwerty|qwertz|azerty|asdfgh|asdf|zxcvbn|qazwsx|letmein|welcome',
  'iloveyou|admin|administrator|root|login|master|monkey|dragon|sunshine|princess|football|baseball|superman|batman',
  'trustno|shadow|michael|jordan|hunter|killer|soccer|charlie|freedom|whatever|starwars|computer|internet|secret|changeme',
  'default|test|guest|user|camera|sightline|hello|access|love|pass|abc|xyz|one|two|three|summer|winter|spring|autumn|my|the|is|i',
].join('|');
const ONLY_COMMON = new RegExp(`^(?:${COMMON_WORDS}|\\d|[^a-z0-9])+$`);
const RUNS = [
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
  '01234567890123456789',
];
const LOOKALIKES: Readonly<Record<string, string>> = {
  '@': 'a',
  '4': 'a',
  '3': 'e',
  '1': 'i',
  '!': 'i',
  '0': 'o',
  $: 's',
  '5': 's',
  '7': 't',
};

/**
 * Refuses passwords that are short or guessed first: leaked words with digits, runs of the keyboard, repetitions, the user's name.
 *
 * @throws {AppError} `access/weak-password`, saying why; never repeats the password
 */
export function checkPassword(password: string, userName: string): void {
  const length = [...password].length;
  if (length < LENGTH_MIN) throw weak(`it has ${length} characters, and needs ${LENGTH_MIN} at least`);
  if (length > LENGTH_MAX) throw weak(`it has ${length} characters, and may have ${LENGTH_MAX} at most`);
  const lower = password.toLowerCase();
  // `P@ssw0rd2026!` is `password` with what people put around it.
  const core = lower.replace(/^[^a-z]+|[^a-z]+$/g, '');
  const plain = [...core].map((letter) => LOOKALIKES[letter] ?? letter).join('');
  const period = (lower + lower).indexOf(lower, 1);
  if (period < 6 && period < lower.length) throw weak('it repeats a few characters');
  if (ONLY_COMMON.test(lower) || ONLY_COMMON.test(plain))
    throw weak('it is made of words and digits that are tried first');
  const isRun = (text: string) =>
    RUNS.some((run) => run.includes(text) || [...run].reverse().join('').includes(text));
  if (isRun(lower.slice(0, 10)) || isRun(lower.slice(-10)))
    throw weak('it follows the keyboard or the alphabet');
  if (userName.length >= 3 && lower.replaceAll(userName, '').replace(/[^a-z]/g, '').length < 4)
    throw weak("it is little more than the user's name");
}

function weak(why: string): AppError {
  return new AppError(
    'access/weak-password',
    'input',
    `choose another password: ${why}; four words that do not belong together are easy to keep and hard to guess`,
  );
}
