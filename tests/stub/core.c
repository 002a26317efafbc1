#include "stub.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* As in the core a controller's handle is a small number. One that was closed keeps its own, so
 * that calls which come too late are counted. */
#define CONTROLLERS 64
static struct controller controllers[CONTROLLERS];
static uintptr_t opened;
static pthread_mutex_t opening = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t settings_read = PTHREAD_ONCE_INIT;

_Thread_local struct controller *controlled;

static void control(uintptr_t controller) { controlled = &controllers[controller - 1]; }

static void pause_us(int64_t us) {
  struct timespec t = {us / 1000000, us % 1000000 * 1000};
  while (nanosleep(&t, &t)) {
  }
}

void hs_init_with_rtsopts(int *argc, char ***argv) { (void)argc, (void)argv; }

char *chat_migrate_init(const char *path, const char *key, const char *confirm, uintptr_t *controller) {
  char problem[256] = "too many controllers", reply[8192];
  pthread_once(&settings_read, read_settings);
  if (refuse_open(path, key, confirm, reply, sizeof reply)) return strdup(reply);
  struct state *state = open_state(path, problem, sizeof problem);
  pthread_mutex_lock(&opening);
  uintptr_t handle = state && opened < CONTROLLERS ? ++opened : 0;
  pthread_mutex_unlock(&opening);
  if (!handle) {
    snprintf(reply, sizeof reply, "{\"type\":\"errorSQL\",\"dbFile\":\"%s_chat.db\",\"migrationSQLError\":\"%s\"}", path, problem);
    return strdup(reply);
  }
  control(handle);
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(&core.changed, &attributes);
  pthread_mutex_init(&core.mu, NULL);
  core.state = state;
  snprintf(core.prefix, sizeof core.prefix, "%s", path);
  core.next = state->stored; /* older ones never come as events again */
  core.open = 1;
  *controller = handle;
  return strdup("{\"type\":\"ok\"}");
}

char *chat_close_store(uintptr_t controller) {
  control(controller);
  pthread_mutex_lock(&core.mu);
  core.state->late += !core.open;
  core.open = core.running = 0;
  core.state->closes++;
  pthread_mutex_unlock(&core.mu);
  return strdup("");
}

static void trace(const char *command) {
  int fd = open(settings.trace, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  char *line = malloc(strlen(command) + 2);
  size_t length = sprintf(line, "%s\n", command);
  if (fd < 0 || write(fd, line, length) != (ssize_t)length) perror("CORE_TRACE");
  free(line);
  close(fd);
}

/* send_message is /_send @1 json [{…}] with everything that can go wrong with it. mu is held. */
static char *send_message(const char *command) {
  enum fault fault = fault_at(1, ++core.sent);
  int64_t work = settings.send_us + (fault == SEND_SLOW ? settings.slow_ms * 1000 : 0);
  pthread_mutex_unlock(&core.mu);
  if (work) pause_us(work);
  if (fault == SEND_HANG)
    for (;;) pause();
  pthread_mutex_lock(&core.mu);
  if (fault == SEND_ERROR) return refusal("errorStore", "storeError", "largeMsg");
  char *reply = answer(command);
  if (settings.die_sent && core.sent >= settings.die_sent) die();
  pthread_cond_broadcast(&core.changed); /* a ping's next item may be due */
  if (fault != SEND_GARBAGE && fault != SEND_NULL) return reply;
  free(reply);
  return fault == SEND_NULL ? NULL : strdup("{\"result\":{\"type\":\"newChatIte");
}

char *chat_send_cmd(uintptr_t controller, const char *command) {
  control(controller);
  char *reply;
  pthread_mutex_lock(&core.mu);
  core.state->commands++;
  if (settings.die_command && ++core.commands >= settings.die_command) die();
  if (*settings.die_stopped && core.stopped && !strncmp(command, settings.die_stopped, strlen(settings.die_stopped))) die();
  if (settings.trace) trace(command);
  store_due(monotonic());
  if (!core.open) {
    core.state->late++;
    reply = refusal("errorStore", "storeError", "dBException");
  } else if (!strncmp(command, "/_send ", 7)) {
    reply = send_message(command);
  } else {
    reply = answer(command);
    pthread_cond_broadcast(&core.changed); /* the chat may have been started */
  }
  pthread_mutex_unlock(&core.mu);
  return reply;
}

char *chat_recv_msg_wait(uintptr_t controller, int microseconds) {
  control(controller);
  int64_t now = monotonic(), end = now + (int64_t)microseconds * 1000;
  char *event = NULL;
  int found = 0;
  pthread_mutex_lock(&core.mu);
  core.state->late += !core.open;
  while (microseconds > 0 && now < end) {
    int64_t due = end;
    if (core.running && (found = (event = next_event(now, &due)) != NULL || due == 0)) break;
    struct timespec until = {0};
    if (due > end) due = end;
    until.tv_sec = due / 1000000000, until.tv_nsec = due % 1000000000;
    pthread_cond_timedwait(&core.changed, &core.mu, &until);
    now = monotonic();
  }
  pthread_mutex_unlock(&core.mu);
  return found ? event : strdup("");
}

/* Files are not what this stub is for: each call tells an error, in its own form. */

char *chat_write_file(uintptr_t controller, const char *path, const char *data, int length) {
  (void)controller, (void)path, (void)data, (void)length;
  return strdup("{\"type\":\"error\",\"writeError\":\"the stub keeps no files\"}");
}

char *chat_read_file(const char *path, const char *key, const char *nonce) {
  (void)path, (void)key, (void)nonce;
  return strdup("\1the stub keeps no files");
}

char *chat_encrypt_file(uintptr_t controller, const char *from, const char *to) {
  (void)controller, (void)from, (void)to;
  return strdup("{\"type\":\"error\",\"writeError\":\"the stub keeps no files\"}");
}

char *chat_decrypt_file(const char *from, const char *key, const char *nonce, const char *to) {
  (void)from, (void)key, (void)nonce, (void)to;
  return strdup("the stub keeps no files");
}
