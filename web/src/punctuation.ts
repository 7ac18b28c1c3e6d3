/** Full-width punctuation, as Chinese keyboards type it, where GraphQL and JSON know half-width only. */

const CURLED: Record<string, string> = { "“": '"', "”": '"', "‘": '"', "’": '"', "、": ",", "。": ".", "【": "[", "】": "]" };
/** Texts and comments, which may hold anything; a text in full-width quotes; any other full-width character. */
const PARTS =
  /"""[^]*?"""|"(?:\\.|[^"\\\n])*"|#.*|\/\/.*|[“”]([^"“”\n]*)[“”]|[\uFF01-\uFF5E\u3000“”‘’、。【】]/g;

function half(character: string): string {
  return CURLED[character] ?? character.normalize("NFKC");
}

/** The text with half-width punctuation outside of texts and comments, and which characters were replaced. */
export function halved(text: string): { text: string; found: string[] } {
  const found = new Set<string>();
  const replaced = text.replace(PARTS, (part: string, quoted: string | undefined) => {
    if (/^["#/]/.test(part)) return part;
    if (quoted === undefined) {
      found.add(part);
      return half(part);
    }
    found.add("“").add("”");
    return JSON.stringify(quoted);
  });
  return { text: replaced, found: [...found] };
}
