#include "client/daemon/dispatch_question.hpp"

#include "client/daemon/due_question.hpp"

namespace tongbao::client {

Checked<DispatchQuestion> dispatch_question(const transport::Fields& query) {
    DispatchQuestion question;
    for (const transport::Field& field : query) {
        const bool again =
            (field.name == "state" && question.state) || (field.name == "after" && question.after);
        if (again) return Reason{Errc::duplicate_member, field.name, "once in the query"};
        if (field.name == "state") {
            question.state = dispatch_stage_from_word(field.value);
            if (!question.state) {
                return Reason{Errc::bad_value, "state", "open, registered, evidenced or withdrawn"};
            }
        } else if (field.name == "after") {
            if (!is_due_cursor(field.value)) {
                return Reason{Errc::bad_value, "after", "the `next` of the page before"};
            }
            question.after = field.value;
        } else {
            return Reason{Errc::unknown_member, field.name, "state and after are known"};
        }
    }
    return question;
}

std::string dispatch_target(const DispatchQuestion& question, TreeSize known) {
    std::string target = "/v1/dispatches?known_size=" + std::to_string(known.value());
    if (question.state) target += "&state=" + std::string(word(*question.state));
    if (question.after) target += "&after=" + transport::percent_encode(*question.after);
    return target;
}

}  // namespace tongbao::client
