#include "stub.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* open_state maps PREFIX_chat.db, which is made if it is not there. A file that is there keeps
 * its chats and items, whatever the settings say. NULL: problem says why. */
struct state *open_state(const char *prefix, char *problem, size_t size) {
  char path[4096];
  struct stat info;
  snprintf(path, sizeof path, "%s_chat.db", prefix);
  int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0 || fstat(fd, &info)) {
    snprintf(problem, size, "%s", strerror(errno));
    if (fd >= 0) close(fd);
    return NULL;
  }
  size_t length = info.st_size;
  int fresh = !length;
  if (fresh) length = sizeof(struct state) + settings.items * sizeof(struct item);
  struct state *s = MAP_FAILED;
  if (length < sizeof *s)
    errno = EINVAL;
  else if (!fresh || !ftruncate(fd, length))
    s = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  int failed = errno;
  close(fd);
  if (s == MAP_FAILED) {
    snprintf(problem, size, "%s", strerror(failed));
    return NULL;
  }
  if (fresh) {
    s->capacity = settings.items;
    s->chats = settings.chats > 0 ? settings.chats : 1;
    s->kind = settings.kind;
    s->magic = MAGIC;
  }
  if (s->magic != MAGIC || sizeof *s + s->capacity * sizeof(struct item) > length) {
    snprintf(problem, size, "file is not a database");
    munmap(s, length);
    return NULL;
  }
  s->runs++;
  return s;
}
