/* A tiny chat core for the tests of package native.
 *
 *   -DHS_ELSEWHERE    leave hs_init_with_rtsopts to sibling.c
 *   -DLACKS_FUNCTION  leave out chat_encrypt_file
 *
 * Commands: "/echo TEXT", "/null", "/empty", "/badutf8", "/big BYTES", "/block" (until any
 * "/release"), "/emit TEXT" (queues an event; "NULL" for a NULL result), "/stats". Anything else
 * answers an error. Counters are of the whole process.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CONTROLLERS 64
#define EVENTS 64

static pthread_mutex_t mu = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static struct controller {
  char *events[EVENTS];
  int first, count, closed, receiving, blocked;
} controllers[CONTROLLERS];

static int opened, releases, blocked, max_blocked;
static int closes, calls_after_close, receives_under_way;
static long allocated, freed;

/* Results are counted when made, and when given back: package native looks free up in this
 * library first. */

static char *counted(char *s) {
  __atomic_add_fetch(&allocated, 1, __ATOMIC_SEQ_CST);
  return s;
}

static char *reply(const char *text) { return counted(strdup(text)); }

static void plain_free(void *p) {
  static void (*next)(void *);
  if (!next) *(void **)&next = dlsym(RTLD_NEXT, "free");
  next(p);
}

void free(void *p) {
  if (p) __atomic_add_fetch(&freed, 1, __ATOMIC_SEQ_CST);
  plain_free(p);
}

/* ---------------------------------------------------------------- the runtime */

static char hs_args[512];
static const int hs_signals[] = {SIGINT, SIGPIPE, SIGQUIT, SIGTSTP, SIGTERM};

static void hs_handler(int signal) { (void)signal; }

#ifdef HS_ELSEWHERE
extern int hs_starts;
#else
static int hs_starts;

void hs_init_with_rtsopts(int *argc, char ***argv) {
  hs_starts++;
  for (int i = 0; i < *argc; i++) {
    if (i) strcat(hs_args, " ");
    strcat(hs_args, (*argv)[i]);
  }
  struct sigaction a = {0};
  a.sa_handler = hs_handler; /* without SA_ONSTACK, as one must not under Go */
  for (unsigned i = 0; i < sizeof hs_signals / sizeof *hs_signals; i++)
    sigaction(hs_signals[i], &a, NULL);
}
#endif

static int signals_taken(void) {
  int n = 0;
  for (unsigned i = 0; i < sizeof hs_signals / sizeof *hs_signals; i++) {
    struct sigaction a;
    sigaction(hs_signals[i], NULL, &a);
    n += a.sa_handler == hs_handler;
  }
  return n;
}

/* ---------------------------------------------------------------- controllers */

char *chat_migrate_init(const char *path, const char *key, const char *confirm, uintptr_t *ctrl) {
  char answer[512];
  if (!strcmp(key, "wrong key")) {
    snprintf(answer, sizeof answer, "{\"type\":\"errorNotADatabase\",\"dbFile\":\"%s_chat.db\"}", path);
    return reply(answer);
  }
  if (!strncmp(key, "answer:", 7)) return reply(key + 7);
  if (!strcmp(key, "null")) return NULL;
  if (!strcmp(confirm, "error")) {
    snprintf(answer, sizeof answer,
             "{\"type\":\"errorMigration\",\"dbFile\":\"%s_chat.db\",\"migrationError\":"
             "{\"type\":\"upgrade\",\"upMigrations\":[{\"upName\":\"x\",\"withDown\":true}]}}", path);
    return reply(answer);
  }
  if (strncmp(confirm, "yesUp", 5)) return reply("{\"type\":\"invalidConfirmation\"}");
  if (!strcmp(key, "give none")) return reply("{\"type\":\"ok\"}");
  pthread_mutex_lock(&mu);
  int n = ++opened % CONTROLLERS;
  if (!n) n = ++opened % CONTROLLERS;
  memset(&controllers[n], 0, sizeof controllers[n]);
  pthread_mutex_unlock(&mu);
  *ctrl = n; /* as in the core: a small integer */
  return reply("{\"type\":\"ok\"}");
}

static struct controller *enter(uintptr_t ctrl) { /* takes mu */
  pthread_mutex_lock(&mu);
  struct controller *c = &controllers[ctrl];
  calls_after_close += c->closed;
  return c;
}

char *chat_close_store(uintptr_t ctrl) {
  struct controller *c = enter(ctrl);
  c->closed = 1;
  closes++;
  pthread_mutex_unlock(&mu);
  return reply("");
}

static char *block(struct controller *c) { /* mu held */
  int before = releases;
  c->blocked++, blocked++;
  if (blocked > max_blocked) max_blocked = blocked;
  while (releases == before) pthread_cond_wait(&changed, &mu);
  c->blocked--, blocked--;
  return reply("{\"result\":{\"type\":\"released\"}}");
}

static char *stats(struct controller *c) { /* mu held */
  char *s = malloc(2048);
  snprintf(s, 2048,
           "{\"allocated\":%ld,\"freed\":%ld,\"starts\":%d,\"args\":\"%s\",\"signals\":%d,\"blocked\":%d,"
           "\"maxBlocked\":%d,\"closes\":%d,\"callsAfterClose\":%d,"
           "\"receiving\":%d,\"receivingHere\":%d}",
           allocated, freed, hs_starts, hs_args, signals_taken(), blocked, max_blocked, closes,
           calls_after_close, receives_under_way, c->receiving);
  return counted(s);
}

static char *emit(struct controller *c, const char *text) { /* mu held */
  if (c->count == EVENTS) return reply("{\"error\":{\"type\":\"full\"}}");
  c->events[(c->first + c->count++) % EVENTS] = strcmp(text, "NULL") ? reply(text) : NULL;
  pthread_cond_broadcast(&changed);
  return reply("{\"result\":{\"type\":\"emitted\"}}");
}

static char *big(long n) {
  char *s = malloc(n + 1);
  memset(s, 'x', n);
  s[n] = 0;
  return counted(s);
}

char *chat_send_cmd(uintptr_t ctrl, const char *cmd) {
  if (!strncmp(cmd, "/echo ", 6)) return reply(cmd + 6);
  if (!strncmp(cmd, "/big ", 5)) return big(atol(cmd + 5));
  if (!strcmp(cmd, "/null")) return NULL;
  if (!strcmp(cmd, "/empty")) return reply("");
  if (!strcmp(cmd, "/badutf8")) return reply("{\"result\":\"\xff\xfe\xc3\"}");
  struct controller *c = enter(ctrl);
  char *out;
  if (!strcmp(cmd, "/block")) {
    out = block(c);
  } else if (!strcmp(cmd, "/release")) {
    releases++;
    pthread_cond_broadcast(&changed);
    out = reply("{\"result\":{\"type\":\"cmdOk\"}}");
  } else if (!strncmp(cmd, "/emit ", 6)) {
    out = emit(c, cmd + 6);
  } else if (!strcmp(cmd, "/stats")) {
    out = stats(c);
  } else {
    out = reply("{\"error\":{\"type\":\"error\"}}");
  }
  pthread_mutex_unlock(&mu);
  return out;
}

char *chat_recv_msg_wait(uintptr_t ctrl, int wait_us) {
  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  int64_t ns = until.tv_nsec + (int64_t)wait_us * 1000;
  until.tv_sec += ns / 1000000000;
  until.tv_nsec = ns % 1000000000;
  struct controller *c = enter(ctrl);
  c->receiving++, receives_under_way++;
  int rc = 0;
  while (!c->count && !rc) rc = pthread_cond_timedwait(&changed, &mu, &until);
  c->receiving--, receives_under_way--;
  char *out;
  if (c->count) {
    out = c->events[c->first];
    c->first = (c->first + 1) % EVENTS;
    c->count--;
  } else {
    out = reply("");
  }
  pthread_mutex_unlock(&mu);
  return out;
}

/* ---------------------------------------------------------------- files */

static const char crypto[] =
    "{\"type\":\"result\",\"cryptoArgs\":{\"fileKey\":\"key\",\"fileNonce\":\"nonce\"}}";

char *chat_write_file(uintptr_t ctrl, const char *path, const char *data, int len) {
  pthread_mutex_unlock((enter(ctrl), &mu));
  FILE *f = fopen(path, "wb");
  if (!f || !data) return reply("{\"type\":\"error\",\"writeError\":\"cannot write\"}");
  fwrite(data, 1, len, f);
  fclose(f);
  return reply(crypto);
}

static char *content(const char *path, uint32_t *len) { /* not counted: plain_free it */
  FILE *f = fopen(path, "rb");
  if (!f) return NULL;
  char *b = malloc(1 << 20);
  *len = fread(b, 1, 1 << 20, f);
  fclose(f);
  return b;
}

char *chat_read_file(const char *path, const char *key, const char *nonce) {
  uint32_t n;
  if (strcmp(key, "key") || strcmp(nonce, "nonce")) return reply("\001wrong key");
  char *b = content(path, &n);
  if (!b) return reply("\001no such file");
  char *out = malloc(5 + (size_t)n);
  out[0] = 0;
  for (int i = 0; i < 4; i++) out[1 + i] = (char)(n >> (8 * i));
  memcpy(out + 5, b, n);
  plain_free(b);
  return counted(out);
}

static char *copy(const char *from, const char *to) { /* NULL or why not */
  uint32_t n;
  char *b = content(from, &n);
  if (!b) return "no such file";
  FILE *f = fopen(to, "wb");
  if (f) fwrite(b, 1, n, f), fclose(f);
  plain_free(b);
  return f ? NULL : "cannot write";
}

#ifndef LACKS_FUNCTION
char *chat_encrypt_file(uintptr_t ctrl, const char *from, const char *to) {
  pthread_mutex_unlock((enter(ctrl), &mu));
  return reply(copy(from, to) ? "{\"type\":\"error\",\"writeError\":\"cannot write\"}" : crypto);
}
#endif

char *chat_decrypt_file(const char *from, const char *key, const char *nonce, const char *to) {
  (void)key, (void)nonce;
  char *why = copy(from, to);
  return reply(why ? why : "");
}
