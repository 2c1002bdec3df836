#include "client/cli/command_line.hpp"

#include <csignal>
#include <exception>
#include <iostream>

int main(int argc, char** argv) {
    using namespace tongbao;
    static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
    try {
        return program::to_int(client::run_command_line({argv + 1, argv + argc}));
    } catch (const std::exception& error) {
        std::cerr << "tongbao: " << error.what() << '\n';
        return program::to_int(program::ExitCode::failed);
    }
}
