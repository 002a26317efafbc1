#include "stub.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

char *not_found(int group) {
  return refusal("errorStore", "storeError", group ? "groupNotFound" : "contactNotFound");
}

/* chat_of reads "@4 …" or "#5 …" and returns the chat, -1 for none; rest is what follows. */
long chat_of(const char *text, int *group, const char **rest) {
  char *end;
  *group = *text == '#';
  *rest = text;
  if (is_support()) return support_chat(text, rest);
  if (*text != '@' && *text != '#') return -1;
  long chat = strtol(text + 1, &end, 10) - FIRST_CHAT;
  *rest = *end == ' ' ? end + 1 : end;
  if (chat < 0 || chat >= core.state->chats || is_group(chat) != *group || (*end && *end != ' ')) return -1;
  return chat;
}

static char *user_reply(const char *tag) {
  struct text t = {0};
  add(&t, "{\"result\":{\"type\":\"%s\",\"user\":", tag);
  add_user(&t);
  add(&t, "}}");
  return t.bytes;
}

static char *address_reply(const char *tag) {
  struct text t = {0};
  if (!*core.state->address) return refusal("errorStore", "storeError", "userContactLinkNotFound");
  add(&t, "{\"result\":{\"type\":\"%s\",\"user\":", tag);
  add_user(&t);
  add(&t, ",\"contactLink\":{\"userContactLinkId\":1,\"connLinkContact\":{\"connFullLink\":\"simplex:/contact#/?v=2-7&smp=stub\","
          "\"connShortLink\":\"https://127.0.0.1/a#stub\"},\"shortLinkDataSet\":true,\"shortLinkLargeDataSet\":true,"
          "\"addressSettings\":%s}}}", core.state->address);
  return t.bytes;
}

static char *start(void) {
  core.running = 1;
  core.running_since = core.last_answer = monotonic();
  core.first_of_run = core.state->stored;
  core.state->starts++;
  core.state->started = wall();
  return strdup("{\"result\":{\"type\":\"chatStarted\"}}");
}

static char *stop(void) {
  core.running = 0, core.stopped = 1;
  core.state->stops++;
  return strdup("{\"result\":{\"type\":\"chatStopped\"}}");
}

static void add_stats(struct text *t, long chat, long unread) {
  long first = 0;
  for (long i = chat; unread && i < core.state->stored && !first; i += core.state->chats)
    if (!core.state->items[i].read) first = i + FIRST_ITEM;
  add(t, ",\"chatStats\":{\"unreadCount\":%ld,\"unreadMentions\":0,\"reportsCount\":0,\"minUnreadItemId\":%ld,"
         "\"unreadChat\":false}", unread, first);
}

/* before_time reads " before=TIME " as ns since 1970. */
static int64_t before_time(const char *arguments) {
  const char *at = strstr(arguments, " before=");
  struct tm day = {0};
  const char *rest = at ? strptime(at + 8, "%Y-%m-%dT%H:%M:%S", &day) : NULL;
  if (!rest) return INT64_MAX;
  return (int64_t)timegm(&day) * 1000000000 + (*rest == '.' ? (int64_t)(strtod(rest, NULL) * 1e9 + 0.5) : 0);
}

/* list_chats is /_get chats 1 [before=TIME] count=N[ {…}]: all chats, or those with something
 * unread, the one with the newest item first. Only this one of the core's filters is known here. */
static char *list_chats(const char *arguments) {
  struct state *s = core.state;
  const char *at = strstr(arguments, "count=");
  long count = at ? atol(at + 6) : 0, listed = 0;
  int64_t before = before_time(arguments);
  struct text t = {0};
  int all = !strchr(arguments, '{');
  if (!all && !strstr(arguments, "\"unread\":true")) return refusal("error", "errorType", "commandError");
  add(&t, "{\"result\":{\"type\":\"apiChats\",\"user\":");
  add_user(&t);
  add(&t, ",\"chats\":[");
  for (long i = s->stored - 1; i >= 0 && i >= s->stored - s->chats && listed < count && !is_support(); i--) {
    long chat = i % s->chats, unread = unread_of(chat);
    if (s->items[i].created >= before || !(all || unread)) continue;
    add(&t, "%s{\"chatInfo\":", listed++ ? "," : "");
    add_chat_info(&t, chat);
    add(&t, ",\"chatItems\":[");
    add_item(&t, i);
    add(&t, "]");
    add_stats(&t, chat, unread);
    add(&t, "}");
  }
  add(&t, "]}}");
  return t.bytes;
}

/* page is a part of a chat: its items from "from" to "to", both included. */
struct page {
  long from, to;
  int navigable; /* whether the reply tells true counts */
};

static struct page page_of(long chat, const char *arguments) {
  long step = core.state->chats, last = last_of(chat), count, id;
  struct page p = {0, -1, 0};
  if (sscanf(arguments, "initial=%ld", &count) == 1) {
    p.navigable = 1;
    for (p.from = chat; p.from < last && core.state->items[p.from].read; p.from += step) {
    }
    p.to = p.from + count * step;
    p.from -= count * step;
  } else if (sscanf(arguments, "around=%ld count=%ld", &id, &count) == 2) {
    p.navigable = 1;
    p.from = id - FIRST_ITEM - count * step, p.to = id - FIRST_ITEM + count * step;
  } else if (sscanf(arguments, "after=%ld count=%ld", &id, &count) == 2) {
    p.from = id - FIRST_ITEM + step, p.to = id - FIRST_ITEM + count * step;
  } else if (sscanf(arguments, "before=%ld count=%ld", &id, &count) == 2) {
    p.from = id - FIRST_ITEM - count * step, p.to = id - FIRST_ITEM - step;
  } else if (sscanf(arguments, "count=%ld", &count) == 1) {
    p.from = last - (count - 1) * step, p.to = last;
  } else {
    return p; /* content=… and the like: nothing */
  }
  if (p.from < chat) p.from = chat;
  if (p.to > last) p.to = last;
  return p;
}

/* read_chat is /_get chat REF PAGE. */
static char *read_chat(const char *arguments) {
  struct state *s = core.state;
  int group;
  struct text t = {0};
  const char *page;
  long chat = chat_of(arguments, &group, &page), after = 0, after_unread = 0, n = 0;
  if (!core.running) return refusal("error", "errorType", "chatNotStarted");
  if (chat < 0) return not_found(group);
  struct page p = page_of(chat, page);
  add(&t, "{\"result\":{\"type\":\"apiChat\",\"user\":");
  add_user(&t);
  add(&t, ",\"chat\":{\"chatInfo\":");
  add_chat_info(&t, chat);
  add(&t, ",\"chatItems\":[");
  for (long i = p.from; i <= p.to; i += s->chats) {
    add(&t, n++ ? "," : "");
    add_item(&t, i);
  }
  add(&t, "]");
  add_stats(&t, chat, p.navigable ? unread_of(chat) : 0);
  add(&t, "}");
  for (long i = p.to + s->chats; p.navigable && i < s->stored; i += s->chats) after++, after_unread += !s->items[i].read;
  if (p.navigable) add(&t, ",\"navInfo\":{\"afterUnread\":%ld,\"afterTotal\":%ld}", after_unread, after);
  add(&t, "}}");
  return t.bytes;
}

static char *mark(const char *arguments) {
  int group;
  const char *ids;
  struct text t = {0};
  long chat = chat_of(arguments, &group, &ids);
  if (!mark_read(group, chat, ids)) return not_found(group);
  add(&t, "{\"result\":{\"type\":\"itemsReadForChat\",\"user\":");
  add_user(&t);
  add(&t, ",\"chatInfo\":");
  add_chat_info(&t, chat);
  add(&t, "}}");
  return t.bytes;
}

/* send_text stores a message and answers with it. */
static char *send_text(const char *arguments) {
  int group;
  char text[4096] = "\"\"";
  const char *rest;
  long chat = chat_of(arguments, &group, &rest);
  const char *at = strstr(rest, "\"text\":\"");
  size_t n = 0;
  if (!core.running) return refusal("error", "errorType", "chatNotStarted");
  if (chat < 0) return not_found(group);
  if (at)
    for (at += 8; at[n] && at[n] != '"' && n < sizeof text - 3; n += 1 + (at[n] == '\\')) {
    }
  if (n) snprintf(text, sizeof text, "\"%.*s\"", (int)n, at);
  take_answer(group, chat, rest);
  return sent_reply(chat, FIRST_SENT + core.state->sends, text);
}

static char *list_groups(void) {
  struct text t = {0};
  int n = 0;
  add(&t, "{\"result\":{\"type\":\"groupsList\",\"user\":");
  add_user(&t);
  add(&t, ",\"groups\":[");
  for (long chat = 0; chat < core.state->chats; chat++)
    if (is_group(chat) && !(is_support() && chat)) {
      add(&t, n++ ? "," : "");
      add_group(&t, chat);
    }
  add(&t, "]}}");
  return t.bytes;
}

static const char *after(const char *command, const char *words) {
  size_t n = strlen(words);
  return strncmp(command, words, n) ? NULL : command + n;
}

/* answer carries out a command. Only what a bot's host sends is known. */
char *answer(const char *command) {
  struct state *s = core.state;
  const char *rest;
  if (!strcmp(command, "/v"))
    return strdup("{\"result\":{\"type\":\"versionInfo\",\"versionInfo\":{\"version\":\"6.5.1.1\",\"simplexmqVersion\":"
                  "\"6.5.1.0\",\"simplexmqCommit\":\"\"},\"chatMigrations\":[],\"agentMigrations\":[]}}");
  if ((rest = after(command, "/_db encryption "))) return core.running ? refusal("error", "errorType", "chatNotStopped") : change_key(rest);
  if (after(command, "/set file paths {")) return strdup("{\"result\":{\"type\":\"cmdOk\"}}");
  if ((rest = after(command, "/_create user ")) && copy_object(strstr(rest, "\"profile\":"), s->profile, sizeof s->profile))
    return user_reply("activeUser");
  if (!*s->profile) return refusal("error", "errorType", "noActiveUser");
  if (!strcmp(command, "/user") || !strcmp(command, "/_user 1")) return user_reply("activeUser");
  if (!strcmp(command, "/_start")) return start();
  if (!strcmp(command, "/_stop")) return stop();
  if ((rest = after(command, "/_db export "))) return core.running ? refusal("error", "errorType", "chatNotStopped") : export_archive(rest);
  if (!strcmp(command, "/_show_address 1")) return address_reply("userContactLink");
  if (!strcmp(command, "/_address 1")) {
    strcpy(s->address, "{\"businessAddress\":false}");
    return address_reply("userContactLinkCreated");
  }
  if ((rest = after(command, "/_address_settings 1 ")) && copy_object(rest, s->address, sizeof s->address))
    return address_reply("userContactLinkUpdated");
  if ((rest = after(command, "/_profile 1 ")) && copy_object(rest, s->profile, sizeof s->profile))
    return user_reply("userProfileUpdated");
  if (!strcmp(command, "/_groups 1")) return list_groups();
  if ((rest = after(command, "/_get chats 1"))) return list_chats(rest);
  if (is_support() && !strcmp(command, "/_members #4")) return list_members();
  if (is_support() && (rest = after(command, "/_get chat #4 content=report "))) return list_reports(rest);
  if ((rest = after(command, "/_get chat "))) return read_chat(rest);
  if ((rest = after(command, "/_read chat items "))) return mark(rest);
  if ((rest = after(command, "/_send "))) return send_text(rest);
  return strdup("{\"error\":{\"type\":\"error\",\"errorType\":{\"type\":\"commandError\",\"message\":\"Failed reading: empty\"}}}");
}
