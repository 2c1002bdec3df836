/* Loaded into a process by LD_PRELOAD: ends it, as if the power of that one process were cut, right
 * before or right after the n-th time it takes a chosen step towards the disk. So that a test can
 * say at which durable step a program dies, without a word about it in the program.
 *
 *   KILL_CALL=<call>     sync (fsync or fdatasync), rename (or renameat2), write (pwrite), folder
 *                        (mkdir), remove (unlink), or any of these
 *   KILL_PATH=<text>     counts only where it stands in the path (of a rename: the new one)
 *   KILL_AT=<n>
 * and
 *   KILL_WHEN=before|after
 *
 * Its last words, on standard error, are one JSON object a line like the programs' own: when it
 * died, at which call, and at which path.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_long steps;

static void die(const char* call, const char* path) {
    const char* const when = getenv("KILL_WHEN");
    dprintf(STDERR_FILENO,
            "{\"event\":\"killed\",\"when\":\"%s\",\"call\":\"%s\",\"path\":\"%s\"}\n",
            when == NULL ? "after" : when, call, path);
    kill(getpid(), SIGKILL);
}

/* ISO C knows no conversion of an object's address to a function's; POSIX asks for this one. */
static void* real(const char* name) {
    return dlsym(RTLD_NEXT, name);
}

static int is_chosen(const char* call, const char* path) {
    const char* const chosen = getenv("KILL_CALL");
    const char* const part = getenv("KILL_PATH");
    if (chosen == NULL || part == NULL || strstr(path, part) == NULL) return 0;
    return strcmp(chosen, "any") == 0 || strcmp(call, chosen) == 0;
}

/* Whether this is the step; has died if it is to happen before it. */
static int is_here(const char* call, const char* path) {
    const char* const at = getenv("KILL_AT");
    if (at == NULL || !is_chosen(call, path)) return 0;
    if (atomic_fetch_add(&steps, 1) + 1 != atol(at)) return 0;
    const char* const when = getenv("KILL_WHEN");
    if (when != NULL && strcmp(when, "before") == 0) die(call, path);
    return 1;
}

enum { PATH_BYTES = 4096 };

/* The path of an open file; empty if it has none. */
static const char* path_of(int descriptor, char path[PATH_BYTES]) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    const ssize_t length = readlink(link, path, PATH_BYTES - 1);
    path[length < 0 ? 0 : length] = '\0';
    return path;
}

static int synced(int descriptor, const char* name) {
    int (*next)(int) = NULL;
    *(void**)&next = real(name);
    char path[PATH_BYTES];
    const int here = is_here("sync", path_of(descriptor, path));
    const int result = next(descriptor);
    if (here) die("sync", path);
    return result;
}

int fdatasync(int descriptor) {
    return synced(descriptor, "fdatasync");
}

int fsync(int descriptor) {
    return synced(descriptor, "fsync");
}

int rename(const char* from, const char* to) {
    int (*next)(const char*, const char*) = NULL;
    *(void**)&next = real("rename");
    const int here = is_here("rename", to);
    const int result = next(from, to);
    if (here) die("rename", to);
    return result;
}

int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) {
    int (*next)(int, const char*, int, const char*, unsigned) = NULL;
    *(void**)&next = real("renameat2");
    const int here = is_here("rename", to);
    const int result = next(from_folder, from, to_folder, to, flags);
    if (here) die("rename", to);
    return result;
}

ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t offset) {
    ssize_t (*next)(int, const void*, size_t, off_t) = NULL;
    *(void**)&next = real("pwrite");
    char path[PATH_BYTES];
    const int here = is_here("write", path_of(descriptor, path));
    const ssize_t result = next(descriptor, bytes, size, offset);
    if (here) die("write", path);
    return result;
}

int mkdir(const char* path, mode_t mode) {
    int (*next)(const char*, mode_t) = NULL;
    *(void**)&next = real("mkdir");
    const int here = is_here("folder", path);
    const int result = next(path, mode);
    if (here) die("folder", path);
    return result;
}

int unlink(const char* path) {
    int (*next)(const char*) = NULL;
    *(void**)&next = real("unlink");
    const int here = is_here("remove", path);
    const int result = next(path);
    if (here) die("remove", path);
    return result;
}
