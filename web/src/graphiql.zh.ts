/**
 * GraphiQL's own labels in Chinese. GraphiQL has no translations, so its labels are replaced where they appear:
 * only whole, known labels, never in an editor or a name from the schema. What is not listed stays English.
 */

const LABELS: Record<string, string> = {
  Variables: "变量",
  Headers: "请求头",
  "New tab": "新标签页",
  "Close Tab": "关闭标签页",
  "Select active operation": "选择标签页",
  "Editor Commands": "编辑命令",
  "Operation Editor": "查询编辑器",
  "Show editor tools": "展开变量和请求头",
  "Hide editor tools": "收起变量和请求头",
  "Execute query": "运行查询",
  "Stop query": "停止",
  "Prettify query": "整理格式",
  "Merge fragments into query": "合并片段",
  "Copy query": "复制查询",
  "Show Documentation Explorer": "显示接口文档",
  "Hide Documentation Explorer": "隐藏接口文档",
  "Show GraphiQL Explorer": "显示查询生成器",
  "Hide GraphiQL Explorer": "隐藏查询生成器",
  "GraphiQL Explorer": "查询生成器",
  "Add new": "新建",
  "Show History": "显示历史记录",
  "Hide History": "隐藏历史记录",
  "Re-fetch GraphQL schema": "重新读取接口文档",
  "Open short keys dialog": "快捷键",
  "Open settings dialog": "设置",
  "Documentation Explorer": "接口文档",
  Docs: "接口文档",
  "Search Docs...": "搜索…",
  "Root Types": "入口",
  "All Schema Types": "全部类型",
  "A GraphQL schema provides a root type for each kind of operation.": "每一种操作从一个入口类型开始。",
  "No GraphQL schema available": "这里显示接口文档",
  "Error fetching schema": "读取接口文档时出错",
  Type: "类型",
  Fields: "字段",
  Arguments: "参数",
  "Enum Values": "枚举值",
  Implements: "实现的接口",
  Implementations: "实现它的类型",
  "Possible Types": "可能的类型",
  "Deprecated Fields": "已弃用的字段",
  "Show Deprecated Fields": "显示已弃用的字段",
  History: "历史记录",
  Clear: "清空",
  "Short Keys": "快捷键",
  "Short Key": "按键",
  Function: "功能",
  "Open the Command Palette (you must have focus in the editor)": "打开命令面板（光标须在编辑器中）",
  "Prettify editors": "整理格式",
  "Re-fetch schema using introspection": "重新读取接口文档",
  "Search in documentation": "搜索接口文档",
  "Search in editor": "在编辑器中搜索",
  "Merge fragments definitions into operation definition": "把片段合并进查询",
  "Close dialog": "关闭",
  Settings: "设置",
  Theme: "外观",
  "Adjust how the interface appears.": "选择界面的明暗。",
  System: "跟随系统",
  Light: "浅色",
  Dark: "深色",
  "Clear storage": "清除本地数据",
  "Remove all locally stored data and start fresh.": "删除保存在本机的标签页和历史记录，重新开始。",
  "Clear data": "清除",
  "Cleared data": "已清除",
  "Failed to clear data": "清除失败",
  "Set active": "打开",
  "Edit label": "改名",
  "Delete from history": "从历史记录中删除",
  "Type a label": "输入名称",
  Save: "保存",
};

const ATTRIBUTES = ["aria-label", "placeholder", "title"];
/** Editors hold what the user wrote, these links what the schema says; neither is a label. */
const CONTENT = ".monaco-editor, .graphiql-doc-explorer-content a, .graphiql-tab-button";

/** A label, perhaps followed by its shortcut: "Execute query (Ctrl-Enter)". */
function translation(label: string): string | undefined {
  if (LABELS[label]) return LABELS[label];
  const [, name = "", shortcut = ""] = /^(.+) (\(\S+\))$/.exec(label) ?? [];
  return LABELS[name] && `${LABELS[name]} ${shortcut}`;
}

function translateNode(node: Node): void {
  if ((node instanceof Element ? node : node.parentElement)?.closest(CONTENT)) return;
  if (node instanceof Text) {
    const translated = translation(node.data);
    if (translated) node.data = translated;
  } else if (node instanceof Element) {
    for (const name of ATTRIBUTES) {
      const translated = translation(node.getAttribute(name) ?? "");
      if (translated) node.setAttribute(name, translated);
    }
    node.childNodes.forEach(translateNode);
  }
}

/** Translates what is there and what appears later; an observer runs before the browser paints, so nothing flickers. */
export function translateGraphiQL(): void {
  new MutationObserver((changes) => {
    for (const { target, addedNodes } of changes) {
      if (addedNodes.length) addedNodes.forEach(translateNode);
      else translateNode(target);
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true, attributeFilter: ATTRIBUTES });
}
