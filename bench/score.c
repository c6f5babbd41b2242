/* The replay of a contract as one would write it in C for its own sake: the yardstick for the compiled columns.

   Built by bench/score.py with gcc -O2 and called through ctypes, so that all scorers see the same arrays in one
   process and are timed alike. Instants are microseconds, scores hundredths of points. Codes are positions in a
   vocabulary, -1 unknown: every lookup table has one entry more in front for it. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { FULL = 100, MOST = 32 };
static const int64_t NEVER = INT64_MIN;

typedef struct {
    int64_t signals, leads, rows, kinds, fits, outs;
    int64_t fit_low, fit_high, low, high, bar_total, bar_fit;
    int64_t points[MOST], keep[MOST], expires[MOST], percent[MOST], every[MOST]; /* expires, every: 0 is none */
    int64_t fit_points[MOST];
    const int32_t *fit_codes[MOST], *out_codes[MOST];  /* the attribute a fit signal or a disqualifier reads */
    const uint8_t *fit_holds[MOST], *out_holds[MOST];  /* by code + 1 */
    const int32_t *property[MOST];                     /* by kind: the property its signals read, or null */
    const uint32_t *matched[MOST];                     /* by kind, then code + 1: a bit a signal */
    const int32_t *lead, *kind;
    const int64_t *at;
} Work;

static uint32_t signals_of(const Work *w, int64_t row) {
    int32_t kind = w->kind[row];
    if (kind < 0) return 0;
    const int32_t *codes = w->property[kind];
    return w->matched[kind][codes ? codes[row] + 1 : 0];
}

static int64_t held(int64_t value, int64_t low, int64_t high) {
    return value < low ? low : value > high ? high : value;
}

static int64_t fit_of(const Work *w, int64_t lead) {
    int64_t fit = 0;
    for (int64_t s = 0; s < w->fits; s++)
        if (w->fit_holds[s][w->fit_codes[s][lead] + 1]) fit += w->fit_points[s] * FULL;
    return held(fit, w->fit_low, w->fit_high);
}

static int is_out(const Work *w, int64_t lead) {
    for (int64_t s = 0; s < w->outs; s++)
        if (w->out_holds[s][w->out_codes[s][lead] + 1]) return 1;
    return 0;
}

static int64_t weight(const Work *w, int64_t s, int64_t age) {
    if (w->expires[s] && age >= w->expires[s]) return 0;
    if (!w->every[s] || age < w->every[s]) return FULL;
    int64_t left = FULL - w->percent[s] * (age / w->every[s]);
    return left > 0 ? left : 0;
}

typedef struct { int64_t *starts, *at; uint16_t *signals; } Sorted;

/* Counting sort by lead, then insertion by time. Leads with wanted[lead] == 0 are left out. */
static Sorted sorted(const Work *w, const uint8_t *wanted, const uint16_t *signals) {
    Sorted out = {calloc(w->leads + 1, 8), NULL, NULL};
    for (int64_t row = 0; row < w->rows; row++)
        if (wanted[w->lead[row]]) out.starts[w->lead[row] + 1]++;
    for (int64_t lead = 0; lead < w->leads; lead++) out.starts[lead + 1] += out.starts[lead];
    int64_t size = out.starts[w->leads];
    out.at = malloc(8 * (size + 1));
    out.signals = malloc(2 * (size + 1));
    int64_t *next = malloc(8 * (w->leads + 1));
    memcpy(next, out.starts, 8 * (w->leads + 1));
    for (int64_t row = 0; row < w->rows; row++)
        if (wanted[w->lead[row]]) {
            int64_t spot = next[w->lead[row]]++;
            out.at[spot] = w->at[row];
            out.signals[spot] = signals[row];
        }
    free(next);
    for (int64_t lead = 0; lead < w->leads; lead++)
        for (int64_t row = out.starts[lead] + 1; row < out.starts[lead + 1]; row++) {
            int64_t at = out.at[row], spot = row;
            uint16_t found = out.signals[row];
            for (; spot > out.starts[lead] && out.at[spot - 1] > at; spot--) {
                out.at[spot] = out.at[spot - 1];
                out.signals[spot] = out.signals[spot - 1];
            }
            out.at[spot] = at;
            out.signals[spot] = found;
        }
    return out;
}

static void release(Sorted rows) { free(rows.starts); free(rows.at); free(rows.signals); }

/* By lead, the first instant at which total >= bar_total and fit >= bar_fit; NEVER for the disqualified. With
   `skipping`, leads that cannot get there are neither sorted nor walked. */
void first_passing(const Work *w, int64_t skipping, int64_t *first) {
    uint16_t *signals = malloc(2 * (w->rows + 1));
    uint8_t *wanted = malloc(w->leads + 1);
    int64_t *need = malloc(8 * (w->leads + 1)), *hope = calloc(w->leads + 1, 8);
    for (int64_t row = 0; row < w->rows; row++) {
        uint32_t found = signals[row] = (uint16_t)signals_of(w, row);
        for (; found; found &= found - 1) {
            int64_t points = w->points[__builtin_ctz(found)];
            if (points > 0) hope[w->lead[row]] += points * FULL;
        }
    }
    for (int64_t lead = 0; lead < w->leads; lead++) {
        int64_t fit = fit_of(w, lead);
        int can = fit >= w->bar_fit && !is_out(w, lead) && fit + w->high >= w->bar_total;
        need[lead] = can ? w->bar_total - fit : INT64_MAX;
        if (need[lead] <= w->low) need[lead] = INT64_MIN;
        wanted[lead] = !skipping || (can && hope[lead] >= need[lead]);
        first[lead] = NEVER;
    }
    Sorted rows = sorted(w, wanted, signals);
    int64_t ring[MOST][16], seen[MOST];
    for (int64_t lead = 0; lead < w->leads; lead++) {
        int64_t row = rows.starts[lead], end = rows.starts[lead + 1], top = 0;
        uint32_t touched = 0;
        while (row < end) {
            int64_t now = rows.at[row];
            for (; row < end && rows.at[row] == now; row++)
                for (uint32_t found = rows.signals[row]; found; found &= found - 1) {
                    int s = __builtin_ctz(found);
                    if (!(touched >> s & 1)) { touched |= 1u << s; seen[s] = 0; }
                    if (w->keep[s]) ring[s][seen[s] % w->keep[s]] = now;
                    seen[s]++;
                    if (w->points[s] > 0) top += w->points[s] * FULL;
                }
            if (top < need[lead]) continue;
            int64_t raw = 0;
            top = 0;
            for (uint32_t rest = touched; rest; rest &= rest - 1) {
                int s = __builtin_ctz(rest);
                int64_t value = 0, kept = seen[s] < w->keep[s] ? seen[s] : w->keep[s];
                if (!w->keep[s]) value = seen[s] * FULL;
                for (int64_t i = 0; i < kept; i++) value += weight(w, s, now - ring[s][i]);
                value *= w->points[s];
                raw += value;
                if (value > 0) top += value;
            }
            if (held(raw, w->low, w->high) >= need[lead]) { first[lead] = now; break; }
        }
    }
    release(rows);
    free(signals); free(wanted); free(need); free(hope);
}

/* By lead, the behaviour as of `when`, over all activities. */
void behaviour_at(const Work *w, int64_t when, int64_t *behaviour) {
    uint16_t *signals = malloc(2 * (w->rows + 1));
    uint8_t *wanted = malloc(w->leads + 1);
    memset(wanted, 1, w->leads + 1);
    for (int64_t row = 0; row < w->rows; row++) signals[row] = (uint16_t)signals_of(w, row);
    Sorted rows = sorted(w, wanted, signals);
    for (int64_t lead = 0; lead < w->leads; lead++) {
        int64_t seen[MOST] = {0}, raw = 0;
        for (int64_t row = rows.starts[lead + 1] - 1; row >= rows.starts[lead]; row--) {
            if (rows.at[row] > when) continue;
            for (uint32_t found = rows.signals[row]; found; found &= found - 1) {
                int s = __builtin_ctz(found);
                if (!w->keep[s] || seen[s]++ < w->keep[s]) raw += w->points[s] * weight(w, s, when - rows.at[row]);
            }
        }
        behaviour[lead] = held(raw, w->low, w->high);
    }
    release(rows);
    free(signals); free(wanted);
}
