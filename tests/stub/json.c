#include "stub.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* add appends to a text; its bytes are for the caller to free. */
void add(struct text *t, const char *format, ...) {
  for (;;) {
    va_list arguments;
    va_start(arguments, format);
    size_t room = t->room - t->length;
    int n = vsnprintf(t->bytes ? t->bytes + t->length : NULL, room, format, arguments);
    va_end(arguments);
    if (n >= 0 && (size_t)n < room) {
      t->length += n;
      return;
    }
    t->room = 2 * t->room + n + 4096;
    t->bytes = realloc(t->bytes, t->room);
    if (!t->bytes) abort();
  }
}

/* add_time writes a time in the core's form. */
void add_time(struct text *t, int64_t ns) {
  char day[32];
  struct tm parts;
  time_t seconds = ns / 1000000000;
  gmtime_r(&seconds, &parts);
  strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &parts);
  add(t, "\"%s.%09ldZ\"", day, (long)(ns % 1000000000));
}

#define DAY "\"2026-01-01T00:00:00Z\""
#define ON_OFF(name, allow) "\"" name "\":{\"allow\":\"" allow "\"}"
#define PREFERENCES \
  ON_OFF("timedMessages", "yes") "," ON_OFF("fullDelete", "no") "," ON_OFF("reactions", "yes") "," \
  ON_OFF("voice", "yes") "," ON_OFF("files", "always") "," ON_OFF("calls", "yes") "," ON_OFF("sessions", "no") ",\"commands\":[]"
#define MERGED(name, both, mine, theirs) \
  "\"" name "\":{\"enabled\":{\"forUser\":" both ",\"forContact\":" both "},\"userPreference\":{\"type\":\"user\"," \
  "\"preference\":{\"allow\":\"" mine "\"}},\"contactPreference\":{\"allow\":\"" theirs "\"}}"
#define CONNECTION \
  "\"activeConn\":{\"connId\":%ld,\"agentConnId\":\"c3R1Yg==\",\"connChatVersion\":17,\"peerChatVRange\":{\"minVersion\":1," \
  "\"maxVersion\":17},\"connLevel\":0,\"viaUserContactLink\":1,\"viaGroupLink\":false,\"connType\":\"%s\",\"connStatus\":" \
  "{\"type\":\"ready\"},\"contactConnInitiated\":false,\"localAlias\":\"\",\"entityId\":%ld,\"pqSupport\":true," \
  "\"pqEncryption\":true,\"authErrCounter\":0,\"quotaErrCounter\":0,\"createdAt\":" DAY "}"

void add_user(struct text *t) {
  add(t, "{\"userId\":1,\"agentUserId\":\"1\",\"userContactId\":1,\"localDisplayName\":\"bot\",\"profile\":{\"profileId\":1,"
         "\"localAlias\":\"\",%s,\"fullPreferences\":{" PREFERENCES "},\"activeUser\":true,\"activeOrder\":1,\"showNtfs\":true,"
         "\"sendRcptsContacts\":true,\"sendRcptsSmallGroups\":true,\"autoAcceptMemberContacts\":false,\"userChatRelay\":false}",
      core.state->profile + 1);
}

static void add_contact(struct text *t, long chat) {
  long id = chat + FIRST_CHAT, last = last_of(chat);
  add(t, "{\"contactId\":%ld,\"localDisplayName\":\"person %ld\",\"profile\":{\"profileId\":%ld,\"displayName\":\"person %ld\","
         "\"fullName\":\"\",\"preferences\":{" PREFERENCES "},\"localAlias\":\"\"}," CONNECTION ",\"contactUsed\":true,"
         "\"contactStatus\":\"active\",\"chatSettings\":{\"enableNtfs\":\"all\",\"favorite\":false},\"userPreferences\":{},"
         "\"mergedPreferences\":{",
      id, id, id, id, id, "contact", id);
  add(t, MERGED("timedMessages", "true", "yes", "yes") "," MERGED("fullDelete", "false", "no", "no") ","
         MERGED("reactions", "true", "yes", "yes") "," MERGED("voice", "false", "no", "yes") ","
         MERGED("files", "false", "no", "always") "," MERGED("calls", "false", "no", "yes") ","
         MERGED("sessions", "false", "no", "no") ",\"commands\":[]}");
  add(t, ",\"createdAt\":" DAY ",\"updatedAt\":" DAY ",\"chatTs\":");
  if (last < 0)
    add(t, DAY);
  else
    add_time(t, core.state->items[last].created);
  add(t, ",\"contactRequestId\":1,\"contactGrpInvSent\":false,\"chatTags\":[],\"chatDeleted\":false}");
}

/* add_member writes a member but the end of the object. */
static void add_member(struct text *t, long group, long id, const char *role, const char *category, const char *name) {
  add(t, "{\"groupMemberId\":%ld,\"groupId\":%ld,\"indexInGroup\":1,\"memberId\":\"bWVtYmVy%ld\",\"memberRole\":\"%s\","
         "\"memberCategory\":\"%s\",\"memberStatus\":\"complete\",\"memberSettings\":{\"showMessages\":true},"
         "\"blockedByAdmin\":false,\"invitedBy\":{\"type\":\"unknown\"},\"localDisplayName\":\"%s\",\"memberProfile\":"
         "{\"profileId\":%ld,\"displayName\":\"%s\",\"fullName\":\"\",\"localAlias\":\"\"},\"memberContactProfileId\":%ld,"
         "\"memberChatVRange\":{\"minVersion\":1,\"maxVersion\":17},\"createdAt\":" DAY ",\"updatedAt\":" DAY,
      id, group, id, role, category, name, id, name, id);
}

static long group_of(long chat) { return is_support() ? FIRST_CHAT : chat + FIRST_CHAT; }

/* add_writer writes the member that writes in a chat. */
static void add_writer(struct text *t, long chat) {
  char name[32];
  snprintf(name, sizeof name, "member %ld", chat);
  add_member(t, group_of(chat), 2 * (chat + FIRST_CHAT) + 1, "member", "pre", name);
}

/* add_support_member writes who has a support chat, with what is unread in it. */
void add_support_member(struct text *t, long chat) {
  add_writer(t, chat);
  add(t, ",\"supportChat\":{\"chatTs\":" DAY ",\"unread\":%ld,\"memberAttention\":0,\"mentions\":0}}", unread_of(chat));
}

void add_group(struct text *t, long chat) {
  long id = group_of(chat), last = last_of(chat);
  add(t, "{\"groupId\":%ld,\"useRelays\":false,\"localDisplayName\":\"group %ld\",\"groupProfile\":{\"displayName\":\"group %ld\","
         "\"fullName\":\"\",\"groupPreferences\":{\"directMessages\":{\"enable\":\"on\"},\"history\":{\"enable\":\"on\"}}},"
         "\"localAlias\":\"\",\"fullGroupPreferences\":{\"timedMessages\":{\"enable\":\"off\",\"ttl\":86400},\"directMessages\":"
         "{\"enable\":\"on\"},\"fullDelete\":{\"enable\":\"off\"},\"reactions\":{\"enable\":\"on\"},\"voice\":{\"enable\":\"on\"},"
         "\"files\":{\"enable\":\"on\"},\"simplexLinks\":{\"enable\":\"on\"},\"reports\":{\"enable\":\"on\"},\"history\":"
         "{\"enable\":\"on\"},\"commands\":[]},\"membership\":",
      id, id, id);
  add_member(t, id, 2 * id, is_support() ? "owner" : "member", "user", "bot");
  add(t, "},\"chatSettings\":{\"enableNtfs\":\"all\",\"favorite\":false},\"createdAt\":" DAY ",\"updatedAt\":" DAY ",\"chatTs\":");
  if (last < 0)
    add(t, DAY);
  else
    add_time(t, core.state->items[last].created);
  add(t, ",\"chatTags\":[],\"groupSummary\":{\"currentMembers\":2},\"membersRequireAttention\":0}");
}

void add_chat_info(struct text *t, long chat) {
  add(t, is_group(chat) ? "{\"type\":\"group\",\"groupInfo\":" : "{\"type\":\"direct\",\"contact\":");
  (is_group(chat) ? add_group : add_contact)(t, chat);
  if (is_support()) {
    add(t, ",\"groupChatScope\":{\"type\":\"memberSupport\",\"groupMember_\":");
    add_writer(t, chat);
    add(t, "}}");
  }
  add(t, "}");
}

/* add_meta writes everything of an item but its direction. text is JSON. */
static void add_meta(struct text *t, long id, const char *text, const char *status, const char *content, const char *kind, int64_t created, const char *live) {
  add(t, "\"meta\":{%s\"itemId\":%ld,\"itemTs\":", live, id);
  add_time(t, created / 1000000000 * 1000000000);
  add(t, ",\"itemText\":%s,\"itemStatus\":{\"type\":\"%s\"},\"itemSharedMsgId\":\"aXRlbQ%ld==\",\"itemEdited\":false,"
         "\"userMention\":false,\"hasLink\":false,\"deletable\":false,\"editable\":false,\"showGroupAsSender\":false,\"createdAt\":",
      text, status, id);
  add_time(t, created);
  add(t, ",\"updatedAt\":");
  add_time(t, created);
  add(t, "},\"content\":{\"type\":\"%s\",\"msgContent\":{\"type\":%s,\"text\":%s}},\"mentions\":{},\"reactions\":[]",
      content, kind, text);
}

void add_item(struct text *t, long item) {
  struct item *it = &core.state->items[item];
  long chat = item % core.state->chats;
  char number[32];
  add(t, "{\"chatDir\":{\"type\":\"%s\"", is_group(chat) ? "groupRcv" : "directRcv");
  if (is_group(chat)) {
    add(t, ",\"groupMember\":");
    add_writer(t, chat);
    add(t, "}");
  }
  snprintf(number, sizeof number, "\"%ld\"", item);
  add(t, "},");
  add_meta(t, item + FIRST_ITEM, number, it->read ? "rcvRead" : "rcvNew", "rcvMsgContent",
           is_report(item) ? "\"report\",\"reason\":\"spam\"" : "\"text\"", it->created,
           !is_live(item) ? "" : it->whole ? "\"itemLive\":false," : "\"itemLive\":true,");
  add(t, "}");
}

static struct text new_items(long chat) {
  struct text t = {0};
  add(&t, "{\"result\":{\"type\":\"newChatItems\",\"user\":");
  add_user(&t);
  add(&t, ",\"chatItems\":[{\"chatInfo\":");
  add_chat_info(&t, chat);
  add(&t, ",\"chatItem\":");
  return t;
}

char *update_event(long item) {
  struct text t = {0};
  add(&t, "{\"result\":{\"type\":\"chatItemUpdated\",\"user\":");
  add_user(&t);
  add(&t, ",\"chatItem\":{\"chatInfo\":");
  add_chat_info(&t, item % core.state->chats);
  add(&t, ",\"chatItem\":");
  add_item(&t, item);
  add(&t, "}}}");
  return t.bytes;
}

char *item_event(long item) {
  struct text t = new_items(item % core.state->chats);
  add_item(&t, item);
  add(&t, "}]}}");
  return t.bytes;
}

/* sent_reply is what the core answers to a message that it has stored; text is JSON. */
char *sent_reply(long chat, long id, const char *text) {
  struct text t = new_items(chat);
  add(&t, "{\"chatDir\":{\"type\":\"%s\"},", is_group(chat) ? "groupSnd" : "directSnd");
  add_meta(&t, id, text, "sndNew", "sndMsgContent", "\"text\"", wall(), "");
  add(&t, "}}]}}");
  return t.bytes;
}

char *refusal(const char *kind, const char *field, const char *tag) {
  struct text t = {0};
  add(&t, "{\"error\":{\"type\":\"%s\",\"%s\":{\"type\":\"%s\"}}}", kind, field, tag);
  return t.bytes;
}

/* copy_object copies the first JSON object after a place. NULL: there is none, or it is too long. */
char *copy_object(const char *after, char *into, size_t size) {
  const char *from = after ? strchr(after, '{') : NULL, *at = from;
  int depth = 0, quoted = 0;
  for (; at && *at; at++) {
    if (*at == '\\')
      at += at[1] != 0;
    else if (*at == '"')
      quoted = !quoted;
    else if (!quoted && *at == '{')
      depth++;
    else if (!quoted && *at == '}' && !--depth)
      break;
  }
  if (!at || !*at || (size_t)(at - from) + 2 > size) return NULL;
  memcpy(into, from, at - from + 1);
  into[at - from + 1] = 0;
  return into;
}
