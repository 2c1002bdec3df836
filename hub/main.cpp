#include "hub/config.hpp"
#include "hub/hub.hpp"
#include "program/allocator.hpp"
#include "program/files.hpp"
#include "program/service_main.hpp"
#include "program/test_clock.hpp"

namespace {

using namespace tongbao;
using program::ExitCode;

constexpr const char* kName = "tongbao-hub";

ExitCode serve(const hub::Config& config, const std::optional<std::filesystem::path>& clock_file) {
    program::Logging logging(kName, config.log_level);
    std::string words;
    const Result<std::unique_ptr<Clock>> clock =
        program::service_clock(config.test_deployment, clock_file, logging, words);
    if (!clock) return program::not_started(logging, to_errc(clock.error()), words);
    const Result<std::unique_ptr<hub::Hub>> opened =
        hub::Hub::open(config, **clock, logging, words);
    if (!opened) return program::not_started(logging, to_errc(opened.error()), words);
    if (config.port_file) {
        const Result<void> written =
            program::write_file(*config.port_file, std::to_string((*opened)->port()) + '\n', 0644);
        if (!written) {
            return program::not_started(logging, to_errc(written.error()),
                                        "port_file " + config.port_file->string());
        }
    }
    (*opened)->run();
    return ExitCode::good;
}

}  // namespace

int main(int argc, char** argv) {
    program::keep_freed_memory();
    hub::Config config;
    return program::service_main(
        argc, argv,
        {.name = kName,
         .description = "The hub of a Tongbao deployment: checks, logs and relays signed notices.\n"
                        "Example: tongbao-hub --config /etc/tongbao/hub.toml",
         .read = [&config](const std::string& file) { return hub::read_config(file, config); },
         .is_test = [&config] { return config.test_deployment; },
         .serve = [&config](const auto& clock) { return serve(config, clock); }});
}
