#include "program/process.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <csignal>

namespace tongbao::program {

void settle_process() {
    // None of these fails with these arguments; without one of them the service still works.
    ::prctl(PR_SET_DUMPABLE, 0);
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
