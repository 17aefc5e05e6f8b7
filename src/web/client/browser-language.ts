// A browser that runs in the POSIX locale calls its language `en-US@posix`, which Intl does not
// take; uPlot hands it over when it is loaded.
try {
  new Intl.NumberFormat(navigator.language);
} catch {
  const language = navigator.language.split('@', 1)[0];
  Object.defineProperty(navigator, 'language', { value: language, configurable: true });
}
