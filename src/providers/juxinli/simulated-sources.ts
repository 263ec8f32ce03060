// The sandbox's data sources as they are on the wire, and which one answers for a phone.

export interface SimulatedSource {
  id: string;
  website: string;
  name: string;
  category: string;
  category_name: string;
  [field: string]: unknown;
}

export const shop = source('df8ba6ec822e4984b3556d2a2cc2d5b8', 'jingdong', '京东', 4, {
  category: 'e_business',
  category_name: '电商',
  sms_required: 2,
});
const jiangsuMobile = source('28d343e3464147e58521cc5b01ea4f03', 'chinamobilejs', '江苏移动', 12);
const beijingMobile = source('6f5a3c1e9b724d08a1c2e3f405162738', 'chinamobilebj', '北京移动', 11, {
  sms_required: 2,
});
const unicom = source('0d4b7a92c6e14f3f8a5b9c8d7e6f5041', 'chinaunicom', '中国联通', 41);
const jilinTelecom = source('91e2d3c4b5a64978869504132a3b4c5d', 'chinatelecomjl', '吉林电信', 57);

export const simulatedSources = [shop, jiangsuMobile, beijingMobile, unicom, jilinTelecom];

const unicomPrefixes = /^(13[0-2]|145|15[56]|166|17[156]|18[56]|196)/;
const telecomPrefixes = /^(133|149|153|17[37]|18[019]|19[0139])/;

/** @param phone 11 digits; 138 is 江苏移动, 133 吉林电信, 130 中国联通, 139 北京移动 */
export function sourceOfPhone(phone: string): SimulatedSource {
  if (unicomPrefixes.test(phone)) return unicom;
  if (telecomPrefixes.test(phone)) return jilinTelecom;
  return phone.startsWith('139') ? beijingMobile : jiangsuMobile;
}

function source(
  id: string,
  website: string,
  name: string,
  websiteCode: number,
  other: object = {},
): SimulatedSource {
  return {
    id,
    website,
    name,
    category: 'mobile',
    category_name: '移动运营商',
    create_time: { year: 2014, month: 6, dayOfMonth: 7, hourOfDay: 10, minute: 49, second: 14 },
    update_time: { year: 2017, month: 0, dayOfMonth: 8, hourOfDay: 15, minute: 18, second: 16 },
    offline_times: 4,
    status: 1,
    website_code: websiteCode,
    reset_pwd_method: 0,
    sms_required: 1,
    required_captcha_user_identified: 0,
    reset_pwd_frozen_time: 0,
    ...other,
  };
}
