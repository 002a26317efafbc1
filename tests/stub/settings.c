#include "stub.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct settings settings;

static struct {
  enum fault what;
  long at;
} faults[64];
static int n_faults;

static const char *const names[] = {
    [GARBAGE] = "garbage", [NULL_POINTER] = "NULL",  [NULL_WORD] = "null", [ERROR] = "error",
    [UNKNOWN] = "unknown", [STORM] = "storm",        [SEND_GARBAGE] = "sendgarbage",
    [SEND_NULL] = "sendNULL", [SEND_ERROR] = "senderror", [SEND_SLOW] = "sendslow", [SEND_HANG] = "sendhang",
};

static long number(const char *name, long otherwise) {
  const char *value = getenv(name);
  return value && *value ? atol(value) : otherwise;
}

static void read_faults(const char *list) {
  while (list && *list && n_faults < (int)(sizeof faults / sizeof *faults)) {
    size_t length = strcspn(list, "@,");
    for (unsigned i = GARBAGE; i < sizeof names / sizeof *names; i++)
      if (strlen(names[i]) == length && !strncmp(list, names[i], length) && list[length] == '@') {
        faults[n_faults].what = i;
        faults[n_faults++].at = atol(list + length + 1);
      }
    list += strcspn(list, ",");
    list += *list == ',';
  }
}

void read_settings(void) {
  const char *kind = getenv("CORE_KIND"), *rate = getenv("CORE_RATE"), *stopped = getenv("CORE_DIE_STOPPED");
  settings.items = number("CORE_ITEMS", 0);
  settings.chats = number("CORE_CHATS", 50);
  settings.kind = !kind ? DIRECT : !strcmp(kind, "group") ? GROUP : !strcmp(kind, "mixed") ? MIXED : !strcmp(kind, "support") ? SUPPORT : !strcmp(kind, "live") ? LIVE : DIRECT;
  settings.rate = rate ? atof(rate) : 0;
  settings.ahead = number("CORE_AHEAD", settings.items);
  settings.unread = number("CORE_UNREAD", 0);
  if (settings.ahead < 1) settings.ahead = 1;
  settings.ping_us = number("CORE_PING_US", 0);
  settings.warmup = number("CORE_WARMUP", 0);
  settings.send_us = number("CORE_SEND_US", 0);
  settings.storm = number("CORE_STORM", 5000);
  settings.slow_ms = number("CORE_SLOW_MS", 300);
  settings.die_taken = number("CORE_DIE_TAKEN", 0);
  settings.die_sent = number("CORE_DIE_SENT", 0);
  settings.die_command = number("CORE_DIE_COMMAND", 0);
  settings.die_stopped = stopped ? stopped : "";
  settings.trace = getenv("CORE_TRACE");
  settings.migration = getenv("CORE_MIGRATION");
  n_faults = 0;
  read_faults(getenv("CORE_FAULTS"));
}

/* fault_at returns what is wrong with the n-th event or /_send. */
enum fault fault_at(int of_sends, long n) {
  for (int i = 0; i < n_faults; i++)
    if (faults[i].at == n && (faults[i].what >= SEND_GARBAGE) == of_sends) return faults[i].what;
  return NONE;
}

static int64_t clock_ns(clockid_t which) {
  struct timespec t;
  clock_gettime(which, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t monotonic(void) { return clock_ns(CLOCK_MONOTONIC); }
int64_t wall(void) { return clock_ns(CLOCK_REALTIME); }
int64_t processor_time(void) { return clock_ns(CLOCK_PROCESS_CPUTIME_ID); }

void die(void) {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}
