/** Whether a text is a freight container's number with its right check digit (ISO 6346), as `CSQU3054383`. */
export function isContainerNumber(text: string): boolean {
  return /^[A-Z]{3}[UJZ]\d{7}$/.test(text) && containerCheckDigit(text) === Number(text[10]);
}

/**
 * The check digit of an owner code, category and serial number (ISO 6346, annex A): letters are worth 10 to 38 without the multiples of
 * 11, the nth character counts 2^n-fold, and the sum modulo 11 modulo 10 is the digit.
 *
 * @param text at least ten characters, capitals and digits; what follows is not looked at
 */
export function containerCheckDigit(text: string): number {
  let sum = 0;
  for (let i = 0; i < 10; i++) sum += valueOf(text[i]!) * 2 ** i;
  return (sum % 11) % 10;
}

function valueOf(character: string): number {
  if (character <= '9') return Number(character);
  const letter = character.charCodeAt(0) - 'A'.charCodeAt(0);
  // 11, 22 and 33 are left out: after A (10) comes B (12), after K (21) L (23), after U (32) V (34).
  return 10 + letter + Math.floor((letter + 9) / 10);
}
