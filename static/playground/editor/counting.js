// How many tokens texts are, roughly, and what is said of that. `facts` come from playground/editor/token_rates.py.

const WORDS = new Intl.NumberFormat("en");

/** Return `{ usual, least, most, isMeasured }` tokens of texts with so many characters, in so many messages. */
export function estimate({ ascii, others }, messages, rate, facts) {
  const around = messages * facts.message;
  const tokens = (count) => count + around;
  if (rate) {
    const [usual, least, most] = rate.map((chars) => (ascii + others) / chars);
    return { usual: tokens(usual), least: tokens(most), most: tokens(least), isMeasured: true };
  }
  // Other scripts than Latin have about one character a token.
  const usual = ascii / facts.letters + others;
  const off = (usual * facts.unmeasured) / 100;
  return { usual: tokens(usual), least: tokens(usual - off), most: tokens(usual + off), isMeasured: false };
}

/** Return the characters of a text, by whether they are ASCII. */
export function charsOf(text) {
  let ascii = 0;
  let others = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x80) ascii += 1;
    // Of a pair of surrogates, the first counts.
    else if (code < 0xdc_00 || code > 0xdf_ff) others += 1;
  }
  return { ascii, others };
}

/** Return an estimate in words: `≈ 420 tokens of 8,192 (380–470)`; without its range where that is one number. */
export function wordsFor(tokens, window, letters) {
  const of = window ? ` of ${WORDS.format(window)}` : "";
  const [least, most] = [tokens.least, tokens.most].map((count) => WORDS.format(rounded(count)));
  const range = least === most ? "" : ` (${least}–${most})`;
  const words = `≈ ${WORDS.format(rounded(tokens.usual))} tokens${of}${range}`;
  return tokens.isMeasured
    ? words
    : `${words}, not measured with this model yet: ${letters} letters a token assumed`;
}

/** Return why a request would not fit, in words; empty where it does. `answer` are the tokens its answer may have. */
export function whyNotFitting(tokens, window, answer) {
  if (!window) return "";
  if (tokens.least > window) return "It does not fit.";
  if (tokens.most > window) return "It may not fit.";
  if (tokens.most + answer <= window) return "";
  const may = tokens.least + answer > window ? "does" : "may";
  return `With ${WORDS.format(answer)} max tokens it ${may} not fit.`;
}

/** Return why a request would go beyond what is `left` of its key's limit, in words; empty where it does not. */
export function whyBeyondLimit(tokens, left, span, answer) {
  if (tokens.most + answer <= left) return "";
  const rest = `${WORDS.format(left)} tokens of the key's limit are left ${span}`;
  if (tokens.most <= left) return `${rest}: with ${WORDS.format(answer)} max tokens it may not fit.`;
  return `${rest}: it ${tokens.least > left ? "does" : "may"} not fit.`;
}

/** Return a number of tokens as exact as it is meant. */
function rounded(count) {
  return count < 100 ? Math.round(count) : Number(count.toPrecision(count < 1000 ? 2 : 3));
}
