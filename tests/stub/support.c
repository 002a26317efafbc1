#include "stub.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* With CORE_KIND support chat c is the support chat of member 2 * (FIRST_CHAT + c) + 1 in one group. */

/* support_chat reads "#4(_support:9) …" as chat_of does. */
long support_chat(const char *text, const char **rest) {
  static const char words[] = "#4(_support:";
  char *end;
  if (strncmp(text, words, sizeof words - 1)) return -1;
  long member = strtol(text + sizeof words - 1, &end, 10), chat = (member - 1) / 2 - FIRST_CHAT;
  if (member % 2 != 1 || *end != ')' || chat < 0 || chat >= core.state->chats) return -1;
  end++;
  *rest = *end == ' ' ? end + 1 : end;
  return chat;
}

char *list_members(void) {
  struct text t = {0};
  add(&t, "{\"result\":{\"type\":\"groupMembers\",\"user\":");
  add_user(&t);
  add(&t, ",\"group\":{\"groupInfo\":");
  add_group(&t, 0);
  add(&t, ",\"members\":[");
  for (long chat = 0; chat < core.state->chats; chat++) {
    add(&t, chat ? "," : "");
    add_support_member(&t, chat);
  }
  add(&t, "]}}}");
  return t.bytes;
}

/* list_reports is /_get chat #4 content=report [before=ID] count=N: the newest reports, those of
 * all members, as items of the group. */
char *list_reports(const char *arguments) {
  long id, count, to = core.state->stored - 1, from, found = 0;
  struct text t = {0};
  if (sscanf(arguments, "before=%ld count=%ld", &id, &count) == 2)
    to = id - FIRST_ITEM - 1;
  else if (sscanf(arguments, "count=%ld", &count) != 1)
    return refusal("error", "errorType", "commandError");
  for (from = to + 1; from > 0 && found < count; from--) found += is_report(from - 1);
  add(&t, "{\"result\":{\"type\":\"apiChat\",\"user\":");
  add_user(&t);
  add(&t, ",\"chat\":{\"chatInfo\":{\"type\":\"group\",\"groupInfo\":");
  add_group(&t, 0);
  add(&t, "},\"chatItems\":[");
  for (found = 0; from <= to; from++)
    if (is_report(from)) {
      add(&t, found++ ? "," : "");
      add_item(&t, from);
    }
  add(&t, "],\"chatStats\":{\"unreadCount\":0,\"unreadMentions\":0,\"reportsCount\":0,\"minUnreadItemId\":0,\"unreadChat\":false}}}}");
  return t.bytes;
}
