/* The runtime in libraries beside the core, for core.c with -DHS_ELSEWHERE: this file is
 * libHSrts.so, and with -DBASE libHSbase.so, which libHSrts.so needs. */
#ifdef BASE
int hs_base(void) { return 1; }
#else
extern int hs_base(void);
int hs_starts;

void hs_init_with_rtsopts(int *argc, char ***argv) {
  (void)argv;
  if (*argc > 0) hs_starts += hs_base();
}
#endif
