/* Loaded into a process by LD_PRELOAD: ends it, as if the power of that one process were cut, right
 * before or right after the n-th time it asks for a write-ahead log (a file *.log) to be synced:
 * the commit point of its database. So that a test can say at which durable step a program dies,
 * without a word about it in the program.
 *
 *   KILL_AT_SYNC=<n>  KILL_WHEN=before|after
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_long syncs;

static void die(void) {
    kill(getpid(), SIGKILL);
}

static int is_log(int descriptor) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    const ssize_t length = readlink(link, path, sizeof path);
    return length > 4 && memcmp(path + length - 4, ".log", 4) == 0;
}

static int counted(int descriptor, const char* name) {
    const char* const at = getenv("KILL_AT_SYNC");
    const char* const when = getenv("KILL_WHEN");
    /* ISO C knows no conversion of an object's address to a function's; POSIX asks for this one. */
    int (*real)(int) = NULL;
    *(void**)&real = dlsym(RTLD_NEXT, name);
    const int here =
        at != NULL && is_log(descriptor) && atomic_fetch_add(&syncs, 1) + 1 == atol(at);
    if (here && when != NULL && strcmp(when, "before") == 0) die();
    const int result = real(descriptor);
    if (here) die();
    return result;
}

int fdatasync(int descriptor) {
    return counted(descriptor, "fdatasync");
}

int fsync(int descriptor) {
    return counted(descriptor, "fsync");
}
