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
    asking: "正在打开…",
    signIn: "登录",
    signingIn: "正在登录…",
    signInWith: "用{}登录",
    login: "登录名",
    password: "密码",
    ended: "登录已经结束，请重新登录。已填写的内容都还在。",
    signOut: "退出",
    changePassword: "修改密码",
    changingPassword: "正在修改…",
    currentPassword: "当前密码",
    newPassword: "新密码",
    newPasswordAgain: "再次输入新密码",
    passwordHint: "10 至 200 个字符，不能与登录名相同。修改后，您在别处的登录全部结束。",
    passwordsDiffer: "两次输入的新密码不一致。",
    temporaryPassword: "您的密码由他人生成，对方知道它。请改为只有您自己知道的密码。",
    later: "以后再说",
    cancel: "取消",
    passwordChanged: "密码已修改",
    stillSignedIn: "没能退出，您仍处于登录状态：",
    haveToken: "使用程序令牌",
    token: "访问令牌",
    use: "使用令牌",
    tokenHint: "令牌只保存在这个标签页里，关闭即清除。",
    byToken: "令牌",
    forgetToken: "移除令牌",
    rejectedBecause: "服务没有接受这个令牌：",
    malformed: "令牌里有空格、换行或非英文字符，可能没有复制完整。",
    retryAfter: "请在 {} 秒后再试。",
    actingAs: "当前授权",
    allGrants: "全部授权（{} 项）",
    noGrant: "目前没有任何授权，请联系上级管理员",
    lostGrant: "授权“{}”已被撤销。",
    problems: "运行中的问题",
    at: "第 {line} 行第 {column} 列",
    close: "关闭",
    unreachable: "连接不上服务。请检查网络，或确认服务正在运行。",
    notJson: "服务没有按约定的格式回答，HTTP 状态码为",
    examples: "示例",
    allExamples: "打开全部示例",
    fullWidth: "{} 里有全角标点 {found}，GraphQL 只认半角（英文）标点；引号里的文字不受影响。",
    replaceAll: "全部换成半角",
    inQuery: "查询",
    inVariables: "变量",
    inHeaders: "请求头",
    searchDocs: "搜索接口文档：名称或说明，中文英文都可以",
    nothingFound: "没有找到",
  },
  en: {
    title: "近邻 Jinlin · GraphQL",
    subtitle: "GraphQL",
    otherLanguage: "中文",
    asking: "Opening…",
    signIn: "Sign in",
    signingIn: "Signing in…",
    signInWith: "Sign in with {}",
    login: "Name",
    password: "Password",
    ended: "You are no longer signed in. Please sign in again; what you typed is kept.",
    signOut: "Sign out",
    changePassword: "Change password",
    changingPassword: "Changing…",
    currentPassword: "Current password",
    newPassword: "New password",
    newPasswordAgain: "New password again",
    passwordHint: "10 to 200 characters, and not your name. You will be signed out everywhere else.",
    passwordsDiffer: "The two new passwords differ.",
    temporaryPassword: "Your password was made up by somebody else, who knows it. Please change it to one of your own.",
    later: "Later",
    cancel: "Cancel",
    passwordChanged: "Password changed",
    stillSignedIn: "You could not be signed out and still are signed in:",
    haveToken: "Use a program's token",
    token: "Access token",
    use: "Use the token",
    tokenHint: "A token stays in this tab only and is gone when you close it.",
    byToken: "token",
    forgetToken: "Remove token",
    rejectedBecause: "The service did not accept this token:",
    malformed: "There is a blank, a line break or a non-ASCII character in it; it may not have been copied completely.",
    retryAfter: "Try again in {} seconds.",
    actingAs: "Acting as",
    allGrants: "All grants ({})",
    noGrant: "Nothing is granted to you at present; ask an administrator above you",
    lostGrant: "Your grant “{}” was revoked.",
    problems: "Problems of the last run",
    at: "line {line}, column {column}",
    close: "Close",
    unreachable: "The service cannot be reached. Check the network, or whether the service is running.",
    notJson: "The service did not answer in the agreed format; the HTTP status was",
    examples: "Examples",
    allExamples: "Open all examples",
    fullWidth: "Full-width punctuation in the {}: {found}. GraphQL knows half-width only; texts in quotes may have either.",
    replaceAll: "Replace all",
    inQuery: "query",
    inVariables: "variables",
    inHeaders: "headers",
    searchDocs: "Search names and descriptions, in Chinese or English",
    nothingFound: "Nothing found",
  },
} satisfies Record<Language, Record<string, string>>;

export const language = preferred();
export const text: Record<keyof (typeof texts)["zh"], string> = texts[language];

/** Changes the language by loading the page anew: what was typed and who is signed in are kept, and no part is left untranslated. */
export function switchLanguage(): void {
  localStorage.setItem(STORED, language === "zh" ? "en" : "zh");
  location.reload();
}
