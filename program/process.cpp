#include "program/process.hpp"

#include "domain/bytes.hpp"

#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <csignal>

namespace tongbao::program {
namespace {

/// A batch and its copies are some hundred kilobytes each, come and go hundreds of times a second,
/// and are given up by another thread than asked for them. By default the C library takes such
/// blocks from the system and gives them back each time, page by page.
void keep_freed_memory() {
    constexpr int kMapped = 16 * kMebibyte;
    constexpr int kKept = 32 * kMebibyte;
    constexpr int kArenas = 2;
    // Called before there are threads.
    // NOLINTBEGIN(concurrency-mt-unsafe)
    static_cast<void>(::mallopt(M_ARENA_MAX, kArenas));
    static_cast<void>(::mallopt(M_MMAP_THRESHOLD, kMapped));
    static_cast<void>(::mallopt(M_TRIM_THRESHOLD, kKept));
    // NOLINTEND(concurrency-mt-unsafe)
}

}  // namespace

void settle_process() {
    // None of these fails with these arguments; without one of them the service still works.
    ::prctl(PR_SET_DUMPABLE, 0);
    keep_freed_memory();
    static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
    struct rlimit files {};
    if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
    files.rlim_cur = files.rlim_max;
    static_cast<void>(::setrlimit(RLIMIT_NOFILE, &files));
}

std::size_t descriptor_limit() {
    struct rlimit files {};
    if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return 0;
    return files.rlim_cur;
}

}  // namespace tongbao::program
