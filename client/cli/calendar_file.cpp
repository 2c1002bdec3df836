#include "client/cli/calendar_file.hpp"

#include "client/calendar_files.hpp"
#include "client/cli/explanations.hpp"
#include "client/cli/reason_failure.hpp"
#include "client/cli/terminal_text.hpp"
#include "program/shipped_files.hpp"
#include "protocol/calendar_json.hpp"

#include <filesystem>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

namespace tongbao::client {
namespace {

/// The folder's own name, also of `.` and of paths that end in a slash.
std::string name_of(const std::filesystem::path& folder) {
    std::error_code ignored;
    const std::filesystem::path whole =
        std::filesystem::absolute(folder, ignored).lexically_normal();
    return (whole.has_filename() ? whole : whole.parent_path()).filename().string();
}

Failure faults_failure(const std::filesystem::path& folder, const Reasons& reasons) {
    std::vector<Errc> codes;
    for (const Reason& reason : reasons) codes.push_back(reason.code);
    return Failure{program::ExitCode::refused,
                   printable(folder.string()) + " is no calendar:\n" + reason_lines(reasons) +
                       '\n' + explain_hint(codes),
                   ""};
}

}  // namespace

Attempt<Calendar> read_calendar(const std::string& name_or_folder) {
    const Checked<std::filesystem::path> folder =
        program::ShippedFiles::beside_this_program().calendar(name_or_folder);
    if (!folder) return local_failure(folder.error());
    const Checked<std::vector<protocol::CalendarFile>> files = read_calendar_files(*folder);
    if (!files) return local_failure(files.error());
    protocol::LoadedCalendar loaded = protocol::load_calendar(name_of(*folder), *files);
    if (const auto* const reasons = std::get_if<Reasons>(&loaded)) {
        return faults_failure(*folder, *reasons);
    }
    return std::get<Calendar>(std::move(loaded));
}

Failure calendar_failure(const Reason& reason) {
    return Failure{exit_code_of(reason.code),
                   reason_lines({reason}) + '\n' + explain_hint({reason.code}), ""};
}

}  // namespace tongbao::client
