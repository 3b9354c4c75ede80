/* Preloaded into PostgreSQL, so that a power cut can be played with kill -9.
 *
 * kill -9 of a process loses what was in its own memory, never what it gave to the kernel. A power
 * cut also loses what the kernel had not been told to flush. So before each write to a file of
 * pg_wal or to pg_control, what stood there is noted in a log (POWER_CUT_LOG), and each fsync or
 * fdatasync of such a file is noted too; after the kill, power_cut.py puts back whatever was
 * written and not flushed.
 *
 * Only these are treated so: data files keep writes that a real power cut might lose, which
 * PostgreSQL would write again from its log. A record: kind, inode, offset, length, bytes.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

struct head { uint64_t kind, inode, offset, length; };
enum { WRITTEN = 1, FLUSH_BEGUN = 2, FLUSHED = 3 };

static int log_file = -1;
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_pwritev)(int, const struct iovec *, int, off_t);
static ssize_t (*real_write)(int, const void *, size_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);

__attribute__((constructor)) static void begin(void) {
    real_pwrite = dlsym(RTLD_NEXT, "pwrite");
    real_pwritev = dlsym(RTLD_NEXT, "pwritev");
    real_write = dlsym(RTLD_NEXT, "write");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    const char *name = getenv("POWER_CUT_LOG");
    if (name) log_file = open(name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
}

static int of_wal(int file, struct stat *found) {
    char link[64], path[PATH_MAX];
    if (log_file < 0 || file == log_file) return 0;
    char *end = link + sizeof link - 1, *at = end, *prefix = "/proc/self/fd/";
    *at = 0;
    do *--at = '0' + file % 10; while (file /= 10);
    at -= strlen(prefix);
    memcpy(at, prefix, strlen(prefix));
    ssize_t length = readlink(at, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    int watched = strstr(path, "/pg_wal/") || strstr(path, "/global/pg_control");
    return watched && stat(path, found) == 0;
}

static void note(int file, uint64_t kind, off_t offset, size_t length) {
    struct stat found;
    int kept = file;
    if (!of_wal(file, &found)) return;
    char *record = malloc(sizeof(struct head) + length);
    if (!record) abort();
    ssize_t held = 0;
    if (length) {
        char path[64] = "/proc/self/fd/";
        char digits[16]; int n = 0, m = (int)strlen(path);
        do digits[n++] = '0' + kept % 10; while (kept /= 10);
        while (n) path[m++] = digits[--n];
        path[m] = 0;
        int reader = open(path, O_RDONLY | O_CLOEXEC);
        if (reader < 0) abort();
        held = pread(reader, record + sizeof(struct head), length, offset);
        close(reader);
        if (held < 0) held = 0;
    }
    struct head head = {kind, found.st_ino, (uint64_t)offset, (uint64_t)held};
    memcpy(record, &head, sizeof head);
    size_t whole = sizeof head + (size_t)held;
    if (real_write(log_file, record, whole) != (ssize_t)whole) abort();
    free(record);
}

ssize_t pwrite(int file, const void *data, size_t length, off_t offset) {
    note(file, WRITTEN, offset, length);
    return real_pwrite(file, data, length, offset);
}
ssize_t pwrite64(int file, const void *data, size_t length, off_t offset) {
    return pwrite(file, data, length, offset);
}
ssize_t pwritev(int file, const struct iovec *parts, int count, off_t offset) {
    size_t length = 0;
    for (int each = 0; each < count; each++) length += parts[each].iov_len;
    note(file, WRITTEN, offset, length);
    return real_pwritev(file, parts, count, offset);
}
ssize_t pwritev64(int file, const struct iovec *parts, int count, off_t offset) {
    return pwritev(file, parts, count, offset);
}
ssize_t write(int file, const void *data, size_t length) {
    off_t offset = log_file < 0 ? -1 : lseek(file, 0, SEEK_CUR);
    if (offset >= 0) note(file, WRITTEN, offset, length);
    return real_write(file, data, length);
}
int fsync(int file) {
    note(file, FLUSH_BEGUN, 0, 0);
    int done = real_fsync(file);
    if (done == 0) note(file, FLUSHED, 0, 0);
    return done;
}
int fdatasync(int file) {
    note(file, FLUSH_BEGUN, 0, 0);
    int done = real_fdatasync(file);
    if (done == 0) note(file, FLUSHED, 0, 0);
    return done;
}
