/* Loaded into a process by LD_PRELOAD: ends it, as if the power of that one process were cut, right
 * before or right after the n-th time it asks for its data to be synced. So that a test can say at
 * which durable step a program dies, without a word about it in the program.
 *
 *   KILL_AT_SYNC=<n>  KILL_WHEN=before|after
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_long syncs;

static void die(void) { kill(getpid(), SIGKILL); }

static int counted(int descriptor, const char *name) {
    const char *const at = getenv("KILL_AT_SYNC");
    const char *const when = getenv("KILL_WHEN");
    int (*const real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    const int here = at != NULL && atomic_fetch_add(&syncs, 1) + 1 == atol(at);
    if (here && when != NULL && strcmp(when, "before") == 0) die();
    const int result = real(descriptor);
    if (here) die();
    return result;
}

int fdatasync(int descriptor) { return counted(descriptor, "fdatasync"); }

int fsync(int descriptor) { return counted(descriptor, "fsync"); }
