// What a pasted text is: a request, and whether somebody signs in with something in it.

// As the server knows one: playground/code/paste/curl.py.
const CURL = /^\s*(?:(?:#[^\n]*\n|[$%>]\s|sudo\s|\w+=\S*\s)\s*)*(?:\S*\/)?curl(?:\.exe)?\s/u;
// A body names its messages, or its model, near its beginning.
const BODY = /^\s*\{[\s\S]{0,2000}?"(?:messages|model)"\s*:/u;

// What a command signs in with, wherever it may say so: a header, an option, its address, its body. Headers of which
// nobody knows are taken for such.
const SECRETS = [
  /authorization|api[-_]?key|cookie|token\b|bearer\b|secret|passw/iu,
  /\s-[a-zA-Z]*[bEuU]|--(?:cert|key|oauth2|pass|user(?!-agent)|proxy-user|aws)/u,
  /\/\/[^\s/]*@|[?&][\w-]*key=/iu,
  /(?:\s-[a-zA-Z]*H|--header)(?!=?\s*[$^]*["']?(?:accept|content-|user-agent|host|origin|referer|sec-|priority|cache-|pragma|dnt|te:))/iu,
];
// In a body, a field.
const SECRET_FIELD =
  /"(?:x-)?(?:api[-_]?key|authorization|access[-_]?token|bearer[-_]?token|password|client[-_]?secret)"\s*:\s*"/iu;

/** Tell whether a text is a curl command or the body of a request. */
export function isRequest(text) {
  return CURL.test(text) || BODY.test(text);
}

/** Tell whether a request has a key, a password or a cookie in it, as far as anybody can tell. */
export function hasSecret(text) {
  return SECRET_FIELD.test(text) || (CURL.test(text) && SECRETS.some((one) => one.test(text)));
}
