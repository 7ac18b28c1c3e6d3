/** Every word the page itself shows, in both languages. The service's messages arrive in the language asked for. */

export type Language = "zh" | "en";

const STORED = "jinlin:language";

/** The reader's own choice, or the first of the browser's languages that we speak, or Chinese. */
function preferred(): Language {
  const [first] = [localStorage.getItem(STORED), ...navigator.languages].filter((tag) => /^(zh|en)\b/i.test(tag ?? ""));
  return first?.toLowerCase().startsWith("en") ? "en" : "zh";
}

const texts = {
  zh: {
    title: "近邻 Jinlin · GraphQL 查询",
    subtitle: "GraphQL 查询",
    otherLanguage: "English",
    token: "访问令牌",
    use: "使用",
    clear: "清除",
    absent: "未填写",
    checking: "验证中…",
    accepted: "已接受",
    rejected: "未接受",
    unavailable: "服务无应答",
    welcome: "请先在上方填入访问令牌。服务接受后，就能运行下面的示例，左侧也会显示您可以使用的接口文档。",
    obtain: "还没有令牌？请向管理员索取，或在运行服务的机器上生成一个：",
    rejectedBecause: "服务没有接受这个令牌：",
    unavailableBecause: "暂时无法验证令牌，请稍后再试一次：",
    malformed: "令牌里有空格、换行或非英文字符，可能没有复制完整。",
    unreachable: "连接不上服务。请检查网络，或确认服务正在运行。",
    notJson: "服务没有按 GraphQL 的格式回答，HTTP 状态码为",
    runWithoutToken: "请先在页面上方填入访问令牌，再运行查询。",
    examples: "示例",
    allExamples: "打开全部示例",
  },
  en: {
    title: "近邻 Jinlin · GraphQL",
    subtitle: "GraphQL",
    otherLanguage: "中文",
    token: "Access token",
    use: "Use",
    clear: "Clear",
    absent: "none yet",
    checking: "checking…",
    accepted: "accepted",
    rejected: "rejected",
    unavailable: "no answer",
    welcome: "Enter an access token above. Once the service accepts it, the examples run and the documentation opens up.",
    obtain: "No token yet? Ask your administrator, or make one on the machine that runs the service:",
    rejectedBecause: "The service did not accept this token:",
    unavailableBecause: "The token could not be checked just now, please try again:",
    malformed: "There is a blank, a line break or a non-ASCII character in it; it may not have been copied completely.",
    unreachable: "The service cannot be reached. Check the network, or whether the service is running.",
    notJson: "The service did not answer in GraphQL's format; the HTTP status was",
    runWithoutToken: "Enter an access token at the top of the page first, then run the query.",
    examples: "Examples",
    allExamples: "Open all examples",
  },
} satisfies Record<Language, Record<string, string>>;

export const language = preferred();
export const text: Record<keyof (typeof texts)["zh"], string> = texts[language];

/** Changes the language by loading the page anew: editors and token are kept, and no part is left untranslated. */
export function switchLanguage(): void {
  localStorage.setItem(STORED, language === "zh" ? "en" : "zh");
  location.reload();
}
