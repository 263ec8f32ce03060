// How antd's components look here: dense and quiet, in the page's own colours, light and dark.
import { type ThemeConfig, theme } from 'antd';

const fontFamily =
  'system-ui, -apple-system, "PingFang SC", "HarmonyOS Sans SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';

const common = {
  fontFamily,
  fontFamilyCode: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace',
  fontSize: 13,
  controlHeight: 32,
  borderRadius: 6,
  borderRadiusLG: 10,
  wireframe: false,
  motionDurationMid: '0.12s',
  motionDurationSlow: '0.18s',
};

const light: ThemeConfig = {
  algorithm: theme.defaultAlgorithm,
  token: {
    ...common,
    colorPrimary: '#0f766e',
    colorLink: '#0b5e58',
    colorInfo: '#0f766e',
    colorError: '#b3261e',
    colorWarning: '#8a4b08',
    colorSuccess: '#116b4f',
    colorTextBase: '#14211f',
    colorTextPlaceholder: '#5c6f6b',
    colorTextSecondary: '#4d605c',
    colorTextTertiary: '#576a66',
    colorBorder: '#c3cfcc',
    colorBorderSecondary: '#e1e8e6',
    colorBgLayout: '#f4f7f6',
  },
};

const dark: ThemeConfig = {
  algorithm: theme.darkAlgorithm,
  token: {
    ...common,
    colorPrimary: '#14a89b',
    colorLink: '#5eead4',
    colorInfo: '#14a89b',
    colorError: '#ff8f85',
    colorWarning: '#fbbf60',
    colorSuccess: '#4ade9f',
    colorTextBase: '#e6eeec',
    colorTextPlaceholder: '#93a8a3',
    colorTextSecondary: '#a9bcb7',
    colorTextTertiary: '#9db1ac',
    colorBgBase: '#141b1c',
    colorBgContainer: '#141b1c',
    colorBgElevated: '#192223',
    colorBorder: '#3b4b49',
    colorBorderSecondary: '#2a3736',
    colorBgLayout: '#0d1314',
  },
  // White words can be read on a deeper teal only.
  components: {
    Button: {
      algorithm: true,
      colorPrimary: '#11857b',
      primaryColor: '#ffffff',
      defaultHoverColor: '#5eead4',
      defaultHoverBorderColor: '#2dd4bf',
      defaultActiveColor: '#5eead4',
      defaultActiveBorderColor: '#2dd4bf',
    },
  },
};

/** @param isStill for whoever asks their system for less motion: nothing slides or fades */
export const themeFor = (isDark: boolean, isStill: boolean): ThemeConfig => {
  const look = isDark ? dark : light;
  return isStill ? { ...look, token: { ...look.token, motion: false } } : look;
};
