#include "stub.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Item n is the text "n" from chat n % chats. */

int is_group(long chat) {
  return core.state->kind == GROUP || is_support() || (core.state->kind == MIXED && chat % 2);
}

int is_support(void) { return core.state->kind == SUPPORT; }

int is_report(long item) { return is_support() && item % 3 == 1; }

int is_live(long item) { return core.state->kind == LIVE && item % 3 == 1; }

/* last_of returns the newest stored item of a chat, -1 without any. */
long last_of(long chat) {
  long n = core.state->stored - 1 - chat;
  return n < 0 ? -1 : chat + n / core.state->chats * core.state->chats;
}

long unread_of(long chat) {
  long n = 0;
  for (long i = chat; i < core.state->stored; i += core.state->chats) n += !core.state->items[i].read;
  return n;
}

/* wanted returns how many items have been received by now. */
static long wanted(int64_t now) {
  if (settings.ping_us) return core.next + (core.running && now >= core.last_answer + settings.ping_us * 1000);
  long most = core.next + settings.ahead;
  if (settings.unread && most > core.state->marked + settings.unread) most = core.state->marked + settings.unread;
  if (settings.rate <= 0) return most;
  long due = core.first_of_run + (long)((now - core.running_since) / 1e9 * settings.rate);
  return due < most ? due : most;
}

/* store_due stores what has been received by now. */
void store_due(int64_t now) {
  struct state *s = core.state;
  if (!core.open || !core.running) return;
  long upto = wanted(now);
  if (upto > s->capacity) upto = s->capacity;
  for (int64_t at = wall(); s->stored < upto; at++) {
    struct item *it = &s->items[s->stored];
    it->created = at; /* no two are the same */
    if (s->stored && it->created <= it[-1].created) it->created = it[-1].created + 1;
    it->due = now;
    if (settings.ping_us) it->due = core.last_answer + settings.ping_us * 1000;
    if (is_report(s->stored)) it->read = 1, s->marked++;
    s->stored++;
  }
}

static char *take(long n) {
  struct state *s = core.state;
  s->items[n].taken = s->runs;
  s->taken++;
  core.next++;
  if (++core.taken == settings.warmup + 1) s->from_ns = monotonic(), s->from_cpu = processor_time();
  if (settings.die_taken && core.taken >= settings.die_taken) die();
  return item_event(n);
}

/* finish returns the event that brings the last version of the first live item without it, NULL
 * where there is none. */
static char *finish(void) {
  for (; core.state->kind == LIVE && core.whole < core.next; core.whole++) {
    struct item *it = &core.state->items[core.whole];
    if (is_live(core.whole) && !it->whole) {
      it->whole = 1;
      return update_event(core.whole);
    }
  }
  return NULL;
}

static char *error_event(void) {
  return strdup("{\"error\":{\"type\":\"errorAgent\",\"agentError\":{\"type\":\"BROKER\",\"brokerAddress\":"
                "\"smp://127.0.0.1\",\"brokerErr\":{\"type\":\"TIMEOUT\"}},\"agentConnId\":\"\"}}");
}

/* next_event returns the event to be taken now. NULL with *due 0 is the fault of a NULL result,
 * otherwise nothing is there before *due, which is not later than it was. */
char *next_event(int64_t now, int64_t *due) {
  struct state *s = core.state;
  if (core.storm > 0) {
    core.storm--;
    return error_event();
  }
  char *update = finish();
  if (update) return update;
  store_due(now);
  if (core.next >= s->stored) {
    int64_t next = *due;
    if (s->stored >= s->capacity) return NULL;
    if (settings.ping_us)
      next = core.last_answer + settings.ping_us * 1000;
    else if (settings.rate > 0)
      next = core.running_since + (int64_t)((s->stored + 1 - core.first_of_run) * 1e9 / settings.rate) + 1;
    if (next > now && next < *due) *due = next;
    return NULL;
  }
  long n = core.taken + 1;
  enum fault fault = fault_at(0, n);
  if (fault && core.passed != n) {
    core.passed = n;
    switch (fault) {
    case ERROR: return error_event();
    case UNKNOWN: return strdup("{\"result\":{\"type\":\"somethingNew\",\"user\":{\"userId\":1},\"what\":[1,null]}}");
    case STORM: core.storm = settings.storm; return next_event(now, due);
    default: break;
    }
    free(take(core.next)); /* it is stored, only its event is not what it should be */
    if (fault == GARBAGE) return strdup("{\"result\":{\"type\":\"newChatItems\",\"chatItems\":[{\"chatI\xff");
    if (fault == NULL_WORD) return strdup("null");
    *due = 0;
    return NULL;
  }
  char *event = take(core.next);
  if (settings.ping_us) core.last_answer = INT64_MAX / 2; /* the next one waits for the answer */
  return event;
}

/* answers tells whether a message is what item n wants to hear. */
static int answers(long n, const char *message) {
  char want[128];
  snprintf(want, sizeof want, "\"text\":\"%ld * %ld = %ld\"", n, n, n * n);
  return strstr(message, want) != NULL;
}

/* take_answer finds the item that a message answers and notes it. */
void take_answer(int group, long chat, const char *message) {
  struct state *s = core.state;
  const char *quoted = strstr(message, "\"quotedItemId\":");
  long n = quoted ? atol(quoted + 15) - FIRST_ITEM : -1;
  s->sends++;
  if (n < 0 || n >= s->stored || n % s->chats != chat || is_group(chat) != group || !answers(n, message)) {
    s->strays++;
    return;
  }
  struct item *it = &s->items[n];
  int64_t now = monotonic();
  if (!it->answers++) {
    it->answered = now;
    if (++s->answered == s->capacity) s->to_ns = now, s->to_cpu = processor_time();
  } else if (it->run == s->runs) {
    s->again++;
  }
  it->run = s->runs;
  core.last_answer = now;
}

/* mark_read marks the items with the ids "1,2,…"; unknown ids are passed over, as in the core. */
int mark_read(int group, long chat, const char *ids) {
  struct state *s = core.state;
  if (chat < 0 || chat >= s->chats || is_group(chat) != group) return 0;
  s->mark_commands++;
  for (char *end; *ids; ids = end + (*end == ',')) {
    long n = strtol(ids, &end, 10) - FIRST_ITEM;
    if (end == ids) break;
    if (n < 0 || n >= s->stored || n % s->chats != chat || s->items[n].read) continue;
    s->items[n].read = 1;
    s->marked++;
    s->early += !s->items[n].answers;
  }
  return 1;
}
