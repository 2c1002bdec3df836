// Races on purpose: the thread sanitizer's test runs it and wants to see it reported.
#include <thread>

int main() {
    int written_by_both = 0;
    std::thread other([&] { ++written_by_both; });
    ++written_by_both;
    other.join();
    return 0;
}
