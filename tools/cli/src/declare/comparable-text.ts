const TONES = /[\u0300\u0301\u0303\u0309\u0323]/g;

/**
 * A Vietnamese text as it is compared: letter case, blanks and the ways of writing the same letters do not matter. Whether the tone mark stands on the one
 * vowel or the other does not either (Thủy = Thuỷ, Hòa = Hoà): each word keeps its tone at its end. Which tone it is does matter, and so do ă, â, ê, ô, ơ,
 * ư, đ.
 */
export function comparable(text: string): string {
  return text
    .normalize('NFD')
    .toLowerCase()
    .replace(/[\p{L}\p{M}]+/gu, (word) => word.replace(TONES, '') + (word.match(TONES) ?? []).join(''))
    .replace(/[\s\u00a0]+/g, ' ')
    .trim();
}
