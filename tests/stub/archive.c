#include "stub.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The file PREFIX_agent.db is the database's key, and nothing else. */

static void agent_path(const char *prefix, char *path, size_t size) { snprintf(path, size, "%s_agent.db", prefix); }

static int read_key(const char *prefix, char *key, size_t size) {
  char path[4096];
  agent_path(prefix, path, sizeof path);
  FILE *f = fopen(path, "r");
  if (!f) return 0;
  key[fread(key, 1, size - 1, f)] = 0;
  fclose(f);
  return 1;
}

static int write_key(const char *prefix, const char *key) {
  char path[4096];
  agent_path(prefix, path, sizeof path);
  FILE *f = fopen(path, "w");
  if (!f) return 0;
  int ok = fputs(key, f) >= 0;
  return !fclose(f) && ok;
}

/* refuse_open writes what chat_migrate_init says instead of opening the database; NULL: it opens. */
const char *refuse_open(const char *prefix, const char *key, const char *confirm, char *reply, size_t size) {
  char known[256], path[4096];
  if (!read_key(prefix, known, sizeof known)) {
    write_key(prefix, key);
    return NULL;
  }
  snprintf(path, sizeof path, "%s_chat.db", prefix);
  if (strcmp(key, known)) {
    snprintf(reply, size, "{\"type\":\"errorNotADatabase\",\"dbFile\":\"%s\"}", path);
    return reply;
  }
  const char *m = settings.migration;
  if (!m || (!strcmp(m, "upgrade") && strcmp(confirm, "error")) || (!strcmp(m, "downgrade") && !strcmp(confirm, "yesUpDown"))) return NULL;
  if (!strcmp(m, "noDown"))
    snprintf(reply, size, "{\"type\":\"errorMigration\",\"dbFile\":\"%s\",\"migrationError\":{\"type\":\"migrationError\","
                          "\"mtrError\":{\"type\":\"noDown\",\"dbMigrations\":[]}}}", path);
  else
    snprintf(reply, size, "{\"type\":\"errorMigration\",\"dbFile\":\"%s\",\"migrationError\":{\"type\":\"%s\"}}", path, m);
  return reply;
}

/* value copies the string "NAME":"…" of an object. */
static int value(const char *object, const char *name, char *into, size_t size) {
  char start[64];
  snprintf(start, sizeof start, "\"%s\":\"", name);
  const char *at = strstr(object, start), *end = at ? strchr(at + strlen(start), '"') : NULL;
  if (!end) return 0;
  at += strlen(start);
  snprintf(into, size, "%.*s", (int)(end - at), at);
  return 1;
}

/* keep_copy copies a file of the database to FILE.bak, as the core does before it changes the key;
 * it never removes them. */
static int keep_copy(const char *prefix, const char *end) {
  char from[4096], to[4096 + 8], bytes[4096];
  snprintf(from, sizeof from, "%s%s", prefix, end);
  snprintf(to, sizeof to, "%s.bak", from);
  FILE *in = fopen(from, "r"), *out = in ? fopen(to, "w") : NULL;
  int ok = out != NULL;
  for (size_t n; ok && (n = fread(bytes, 1, sizeof bytes, in));) ok = fwrite(bytes, 1, n, out) == n;
  if (in) fclose(in);
  return out && !fclose(out) && ok;
}

char *change_key(const char *arguments) {
  char current[256], next[256], known[256] = "";
  if (!value(arguments, "currentKey", current, sizeof current) || !value(arguments, "newKey", next, sizeof next))
    return refusal("error", "errorType", "commandError");
  read_key(core.prefix, known, sizeof known);
  if (strcmp(current, known)) return refusal("errorDatabase", "databaseError", "errorExport");
  if (!keep_copy(core.prefix, "_chat.db") || !keep_copy(core.prefix, "_agent.db") || !write_key(core.prefix, next)) return refusal("errorDatabase", "databaseError", "errorExport");
  return strdup("{\"result\":{\"type\":\"cmdOk\"}}");
}

/* A zip file with files as they are. */

static uint32_t crc(const unsigned char *bytes, size_t n) {
  uint32_t c = ~0u;
  while (n--) {
    c ^= *bytes++;
    for (int i = 0; i < 8; i++) c = c >> 1 ^ (c & 1 ? 0xedb88320 : 0);
  }
  return ~c;
}

static void number(FILE *f, uint32_t n, int bytes) {
  while (bytes--) fputc(n & 255, f), n >>= 8;
}

struct member {
  const char *name;
  char *bytes;
  uint32_t size, sum, at;
};

/* common is what stands both before the file and in the list at the end. */
static void common(FILE *f, const struct member *m) {
  number(f, 20, 2), number(f, 0, 2), number(f, 0, 2), number(f, 0, 2), number(f, 33, 2);
  number(f, m->sum, 4), number(f, m->size, 4), number(f, m->size, 4);
  number(f, strlen(m->name), 2), number(f, 0, 2);
}

static int read_member(struct member *m, const char *end) {
  char path[4096];
  snprintf(path, sizeof path, "%s%s", core.prefix, end);
  FILE *f = fopen(path, "r");
  if (!f) return 0;
  fseek(f, 0, SEEK_END);
  m->size = ftell(f);
  rewind(f);
  m->bytes = malloc(m->size + 1);
  int ok = fread(m->bytes, 1, m->size, f) == m->size;
  m->sum = crc((unsigned char *)m->bytes, m->size);
  return !fclose(f) && ok;
}

char *export_archive(const char *arguments) {
  char path[4096];
  struct member members[] = {{"simplex_v1_chat.db", 0, 0, 0, 0}, {"simplex_v1_agent.db", 0, 0, 0, 0}};
  FILE *f = value(arguments, "archivePath", path, sizeof path) ? fopen(path, "w") : NULL;
  int ok = f && read_member(&members[0], "_chat.db") && read_member(&members[1], "_agent.db");
  for (int i = 0; ok && i < 2; i++) {
    struct member *m = &members[i];
    m->at = ftell(f);
    number(f, 0x04034b50, 4), common(f, m);
    fputs(m->name, f), fwrite(m->bytes, 1, m->size, f);
  }
  long list = ok ? ftell(f) : 0;
  for (int i = 0; ok && i < 2; i++) {
    struct member *m = &members[i];
    number(f, 0x02014b50, 4), number(f, 20, 2), common(f, m);
    number(f, 0, 2), number(f, 0, 2), number(f, 0, 2), number(f, 0, 4), number(f, m->at, 4);
    fputs(m->name, f);
  }
  if (ok) {
    uint32_t size = ftell(f) - list;
    number(f, 0x06054b50, 4), number(f, 0, 2), number(f, 0, 2), number(f, 2, 2), number(f, 2, 2);
    number(f, size, 4), number(f, list, 4), number(f, 0, 2);
  }
  for (int i = 0; i < 2; i++) free(members[i].bytes);
  if (f && (ferror(f) | fclose(f))) ok = 0;
  if (!ok) return strdup("{\"error\":{\"type\":\"error\",\"errorType\":{\"type\":\"exception\",\"message\":\"withBinaryFile\"}}}");
  return strdup("{\"result\":{\"type\":\"archiveExported\",\"archiveErrors\":[]}}");
}
