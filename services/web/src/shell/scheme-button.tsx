import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core';

/** Changes between light and dark. As long as nobody did, the page follows the system. */
export function SchemeButton() {
  const { setColorScheme } = useMantineColorScheme();
  const other = useComputedColorScheme('light', { getInitialValueInEffect: false }) === 'dark' ? 'light' : 'dark';
  return (
    <button type="button" className="quiet" aria-label={`Use ${other} colours`} onClick={() => setColorScheme(other)}>
      <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="8" cy="8" r="6.5" fill="none" stroke="currentColor" strokeWidth="1.5" />
        <path d="M8 1.5a6.5 6.5 0 0 1 0 13z" fill="currentColor" />
      </svg>
    </button>
  );
}
