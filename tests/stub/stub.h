/* A stand-in for libsimplex, for tests and measurements of the whole program: the same C
 * functions, the same JSON, no network, several controllers in a process. Some people (CORE_CHATS chats) send numbered texts, and
 * the bot answers each with its square.
 *
 *   core.c      the C functions          commands.c  what each command answers
 *   items.c     items, marks, answers    json.c      how things are written as JSON
 *   settings.c  the environment          state.c     what is kept when the process dies
 *   archive.c   the key, and archives
 *
 * As in the real core, a received item is stored, unread, before its event is taken, and what was
 * not taken when the process died never comes as an event again: it is only listed. The store is
 * the file PREFIX_chat.db, mapped into memory, so that it survives SIGKILL; tests read it while
 * the program runs (stub_state_test.go knows its layout).
 *
 *   CORE_ITEMS     how many items there will be (0)
 *   CORE_CHATS     how many chats they come from, in turn (50)
 *   CORE_KIND      direct, group or mixed, of chats; or support: one group that the bot owns, each
 *                  chat is a member's support chat, and each third item is a report, stored as read;
 *                  or live: direct, and each third item is still being written when it is received;
 *                  its last version comes right after, or after the next start
 *                  (direct)
 *   CORE_RATE      items a second, from /_start on; 0: all at once (0)
 *   CORE_AHEAD     how many items of a process at most are stored and not taken (all)
 *   CORE_UNREAD    how many items at most are stored and not marked as read (0: all)
 *   CORE_PING_US   one item at a time, each so long after the answer to the one before (0: off)
 *   CORE_WARMUP    how many items of a process are left out of what is measured (0)
 *   CORE_SEND_US   how long each /_send works (0)
 *   CORE_FAULTS    WHAT@N,…  instead of the N-th event of this process comes (what was stored
 *                  stays stored): garbage, NULL (the pointer), null (the word);
 *                  before it comes: error (an event that tells an error), unknown (a tag that
 *                  nobody knows), storm (CORE_STORM events that tell errors);
 *                  the N-th /_send of this process: sendgarbage, sendNULL (is stored, the reply
 *                  is bad), senderror (is refused), sendslow (takes CORE_SLOW_MS), sendhang
 *                  (is not stored and never returns)
 *   CORE_STORM     length of a storm (5000)
 *   CORE_SLOW_MS   how long sendslow takes (300)
 *   CORE_DIE_TAKEN, CORE_DIE_SENT, CORE_DIE_COMMAND
 *                  SIGKILL when the N-th event is taken, when the N-th /_send is stored and not
 *                  answered yet, when the N-th command arrives (0: never)
 *   CORE_DIE_STOPPED
 *                  SIGKILL when a command that begins so arrives after a /_stop (never)
 *   CORE_TRACE     file that each command is appended to as a line
 *   CORE_MIGRATION upgrade, downgrade or noDown: what the core says of a database that is there,
 *                  where it may not do as it likes (nothing)
 */
#ifndef STUB_H
#define STUB_H
#include <pthread.h>
#include <stdint.h>

#define MAGIC 0x73747562636f7232 /* changes with the layout */
#define TEXT_SIZE 8192           /* of the profile and the address settings */
#define FIRST_ITEM 1000L         /* id of item 0 */
#define FIRST_CHAT 4L            /* id of chat 0 */
#define FIRST_SENT 1000000000L   /* id of the first sent item */

enum { DIRECT, GROUP, MIXED, SUPPORT, LIVE };

struct item {
  int64_t created;  /* when it was stored, ns since 1970 */
  int64_t due;      /* when its event could be taken, ns of the monotonic clock */
  int64_t answered; /* when the first answer arrived, ns of the monotonic clock; 0: not yet */
  int32_t answers;  /* how many times it was answered */
  int32_t run;      /* the process that took its last answer */
  int32_t read;     /* 1: marked as read */
  int32_t taken;    /* the process that took its event; 0: none */
  int64_t whole;    /* 1: a live item that is finished */
};

/* All counters are of all processes on the file. */
struct state {
  int64_t magic, capacity, chats, kind;
  int64_t runs, closes, starts, stops;        /* opened, closed, /_start, /_stop */
  int64_t stored, taken, answered, marked;    /* items */
  int64_t commands, sends, mark_commands;     /* commands in all; stored messages; marks */
  int64_t strays;                             /* messages that are the right answer to no item */
  int64_t again;                              /* answered twice by one process */
  int64_t early;                              /* marked before they were answered */
  int64_t late;                               /* calls after the store was closed */
  int64_t from_ns, to_ns, from_cpu, to_cpu;   /* what is measured: clock, and ns of processor time */
  int64_t started;                            /* when the last /_start came, ns since 1970 */
  char profile[TEXT_SIZE], address[TEXT_SIZE]; /* JSON; empty: there is none yet */
  struct item items[];
};

struct settings {
  long items, chats, kind, ahead, unread, ping_us, warmup, send_us, storm, slow_ms;
  long die_taken, die_sent, die_command;
  double rate;
  const char *trace, *migration, *die_stopped;
};

enum fault { NONE, GARBAGE, NULL_POINTER, NULL_WORD, ERROR, UNKNOWN, STORM, SEND_GARBAGE, SEND_NULL, SEND_ERROR, SEND_SLOW, SEND_HANG };

/* A text that grows. */
struct text {
  char *bytes;
  size_t length, room;
};

/* What one controller keeps; mu guards it and the state. */
struct controller {
  struct state *state;
  char prefix[2048]; /* of the database's files */
  pthread_mutex_t mu;
  pthread_cond_t changed;
  int open, running, stopped;        /* stopped: /_stop has come once */
  long next;                         /* the next item whose event is to be taken */
  long first_of_run;                 /* the first item that was stored by this process */
  long taken, sent, commands, storm; /* of this process; storm: events left of it */
  long passed;                       /* the last event that a fault came before */
  long whole;                        /* all live items before this one are finished */
  int64_t running_since, last_answer;
};

/* core is the controller that the C function is called for; each of them says so first. */
extern _Thread_local struct controller *controlled;
#define core (*controlled)
extern struct settings settings;

/* settings.c */
void read_settings(void);
enum fault fault_at(int of_sends, long n);
int64_t monotonic(void), wall(void), processor_time(void);
void die(void);

/* state.c */
struct state *open_state(const char *prefix, char *problem, size_t size);

/* archive.c */
const char *refuse_open(const char *prefix, const char *key, const char *confirm, char *reply, size_t size);
char *export_archive(const char *arguments), *change_key(const char *arguments);

/* items.c; mu is held */
void store_due(int64_t now);
char *next_event(int64_t now, int64_t *due);
void take_answer(int group, long chat, const char *message);
int mark_read(int group, long chat, const char *ids);
long unread_of(long chat);
int is_group(long chat), is_support(void), is_report(long item), is_live(long item);
long last_of(long chat);

/* json.c */
void add(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
void add_user(struct text *t), add_chat_info(struct text *t, long chat), add_item(struct text *t, long item);
void add_group(struct text *t, long chat), add_support_member(struct text *t, long chat);
void add_time(struct text *t, int64_t ns);
char *item_event(long item), *update_event(long item), *sent_reply(long chat, long id, const char *text);
char *refusal(const char *kind, const char *field, const char *tag);
char *copy_object(const char *after, char *into, size_t size);

/* commands.c; mu is held */
char *answer(const char *command), *not_found(int group);
long chat_of(const char *text, int *group, const char **rest);

/* support.c; mu is held */
long support_chat(const char *text, const char **rest);
char *list_members(void), *list_reports(const char *arguments);

#endif
