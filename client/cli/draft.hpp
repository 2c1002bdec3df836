#pragma once

#include "client/cli/daemon_client.hpp"
#include "domain/charter.hpp"

#include <string>
#include <vector>

namespace tongbao::client {

/// What `send` and `reply` were given, as it was given; what was not given is empty.
struct DraftArguments {
    std::string kind;
    std::vector<std::string> to;
    std::vector<std::string> cc;
    std::string case_number;
    /// The id of the notice that is answered.
    std::string in_reply_to;
    std::string title;
    std::string doc_no;
    std::string secrecy;
    std::string urgency;
    /// `name=value`
    std::vector<std::string> fields;
    std::string fields_file;
    /// `kind=FILE`
    std::vector<std::string> attachments;
    std::vector<std::string> declared_absent;
};

/// The charter that the daemon keeps to. Fails as DaemonClient::text does, and with
/// ExitCode::failed if it is no charter.
[[nodiscard]] Attempt<Charter> fetch_charter(DaemonClient& daemon);

/// The draft as JSON, for POST /v1/notices. Opens every file that it names and then uploads them;
/// nothing is uploaded if an argument is wrong. Fails with ExitCode::usage for arguments of a wrong
/// form, a field that is given twice, and files that can't be read; and as DaemonClient::upload.
[[nodiscard]] Attempt<std::string> make_draft(const DraftArguments& arguments,
                                              const Charter& charter, DaemonClient& daemon);

}  // namespace tongbao::client
