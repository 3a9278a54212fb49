/*
 * Proves layout.h over mingw-w64's own headers, whose names are Microsoft's:
 *
 *   x86_64-w64-mingw32-gcc -O2 -c -o /dev/null tests/helpers/windows/layout.c
 *
 * Each line of layout.h that is wrong is one error. Bit-fields have no offset
 * in C: a row with one of them set is laid bare as bytes, and a call that the
 * optimizer cannot remove, because the byte is another, is the error.
 */
#define _WIN32_WINNT 0x0A00
#define WIN32_NO_STATUS
#include <winsock2.h>
#include <ws2ipdef.h>
#include <iphlpapi.h>
#include <netioapi.h>
#undef WIN32_NO_STATUS
#include <ntstatus.h>
#include <stdarg.h>
#include <stddef.h>

#define NOTHING(...)
#define SIZE NOTHING
#define ALIGN NOTHING
#define MEMBER NOTHING
#define VALUE NOTHING
#define CALL NOTHING

extern void wrong_flag(void) __attribute__((error("a flag of layout.h is wrong")));

#define FLAG(type, member, offset, bits)                                      \
  {                                                                           \
    static const union {                                                      \
      type row;                                                               \
      unsigned char bytes[sizeof(type)];                                      \
    } probe = {.row = {.member = 1}};                                         \
    if (probe.bytes[offset] != (bits)) wrong_flag();                          \
  }

void prove_flags(void) {
#include "layout.h"
}

#undef SIZE
#undef ALIGN
#undef MEMBER
#undef VALUE
#undef CALL
#undef FLAG
#define FLAG NOTHING

#define SIZE(type, bytes) _Static_assert(sizeof(type) == (bytes), #type);
#define ALIGN(type, bytes) _Static_assert(_Alignof(type) == (bytes), #type);
#define MEMBER(type, member, offset, bytes)                                   \
  _Static_assert(offsetof(type, member) == (offset) &&                        \
                     sizeof(((type *)0)->member) == (bytes),                  \
                 #type "." #member);
#define VALUE(constant, number)                                               \
  _Static_assert((unsigned long)(constant) == (unsigned long)(number),        \
                 #constant);
#define CALL(result, function, parameters)                                    \
  _Static_assert(__builtin_types_compatible_p(__typeof__(&function),          \
                                              result(WINAPI *) parameters),   \
                 #function);

#include "layout.h"
