// The page's own words. Everything else on it was written by people or by the bot.
const WORDS = {
  en: {
    chats: "Chats", notice: "This is a sandbox: a pretend Telegram on this computer. Nothing you write leaves it.",
    back: "Back", more: "More", topics: "Topics", messages: "Messages", latest: "Latest messages", cancel: "Cancel",
    commands: "Commands", message: "Message", attach: "Attach a file", send: "Send", who: "Who are you?", close: "Close",
    find: "Find a person", ok: "OK", picture: "Picture", you: "You are {name}", switch: "Switch", general: "General",
    members: "{n} members", bot: "bot", sandbox: "sandbox", typing: "typing…", sending: "sending a picture…", join: "Join group", start: "Start",
    unblock: "Unblock", edited: "edited", manager: "Owner", administrator: "Admin", member: "Members", creator: "Owner",
    outside: "Not in the group", staff: "Who runs the group", reply: "Reply", edit: "Edit", pin: "Pin", remove: "Delete",
    actions: "Message actions", replying: "Reply to {name}", editing: "Edit message", photo: "Photo", video: "Video",
    document: "File", voice: "Voice message", pinned: "Pinned message", unfold: "Show more", fold: "Show less",
    joined: "{name} joined the group", added: "{name} added {who}", left: "{name} left the group", removed: "{name} removed {who}",
    pinned_by: "{name} pinned “{what}”", topic_by: "{name} opened the topic “{what}”", topic_closed: "{name} closed the topic",
    topic_reopened: "{name} reopened the topic", upgraded: "The group is now a supergroup", service: "Service message",
    leave: "Leave group", bot_admin: "Make the bot administrator", bot_member: "Make the bot a plain member",
    bot_remove: "Remove the bot", bot_add: "Add the bot", block: "Block the bot", topic_closed_note: "This topic is closed",
    empty: "No messages yet", no_commands: "The bot has no commands here", lost: "The sandbox has stopped. Waiting for it…",
    too_big: "The file is larger than 20 MB, more than a bot can read", no_app: "Mini Apps do not open in this sandbox yet", today: "Today", yesterday: "Yesterday",
    admin_mark: "admin", owner_mark: "owner", new_message: "{name}: {what}",
  },
  zh: {
    chats: "聊天", notice: "这是沙盒：运行在本机的模拟 Telegram，你写的内容不会离开这台电脑。",
    back: "返回", more: "更多", topics: "话题", messages: "消息", latest: "最新消息", cancel: "取消",
    commands: "命令", message: "输入消息", attach: "添加文件", send: "发送", who: "你想扮演谁？", close: "关闭",
    find: "查找成员", ok: "好", picture: "图片", you: "你是 {name}", switch: "切换", general: "综合",
    members: "{n} 位成员", bot: "机器人", sandbox: "沙盒", typing: "正在输入…", sending: "正在发送图片…", join: "加入群组", start: "开始",
    unblock: "解除屏蔽", edited: "已编辑", manager: "群主", administrator: "管理员", member: "成员", creator: "群主",
    outside: "不在群里", staff: "管理群组的人", reply: "回复", edit: "编辑", pin: "置顶", remove: "删除",
    actions: "消息操作", replying: "回复 {name}", editing: "编辑消息", photo: "图片", video: "视频",
    document: "文件", voice: "语音消息", pinned: "置顶消息", unfold: "展开", fold: "收起",
    joined: "{name} 加入了群组", added: "{name} 邀请了 {who}", left: "{name} 退出了群组", removed: "{name} 移除了 {who}",
    pinned_by: "{name} 置顶了“{what}”", topic_by: "{name} 创建了话题“{what}”", topic_closed: "{name} 关闭了话题",
    topic_reopened: "{name} 重新开启了话题", upgraded: "群组已升级为超级群组", service: "系统消息",
    leave: "退出群组", bot_admin: "将机器人设为管理员", bot_member: "取消机器人的管理员", bot_remove: "移除机器人",
    bot_add: "添加机器人", block: "屏蔽机器人", topic_closed_note: "话题已关闭",
    empty: "还没有消息", no_commands: "机器人在这里没有命令", lost: "沙盒已停止，正在等待恢复…",
    too_big: "文件超过 20 MB，机器人无法读取", no_app: "沙盒暂不支持打开小程序", today: "今天", yesterday: "昨天",
    admin_mark: "管理员", owner_mark: "群主", new_message: "{name}：{what}",
  },
};

export let language = localStorage.getItem("language") || (navigator.language.startsWith("zh") ? "zh" : "en");

export function t(key, values = {}) {
  return (WORDS[language][key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

export function setLanguage(code) {
  language = code;
  localStorage.setItem("language", code);
}

export function translatePage() {
  document.documentElement.lang = language === "zh" ? "zh-Hans" : "en";
  for (const el of document.querySelectorAll("[data-t]")) el.textContent = t(el.dataset.t);
  for (const el of document.querySelectorAll("[data-t-label]")) el.setAttribute("aria-label", t(el.dataset.tLabel));
  for (const el of document.querySelectorAll("[data-t-placeholder]")) el.placeholder = t(el.dataset.tPlaceholder);
  const button = document.getElementById("language");
  button.textContent = language === "zh" ? "English" : "中文";
  button.lang = language === "zh" ? "en" : "zh-Hans";
  button.setAttribute("aria-label", language === "zh" ? "Switch to English" : "切换到中文");
}
