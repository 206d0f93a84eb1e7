// Signs: is this page one that stands in a robot's way? `failed`: a step has failed on it, so weaker signs count too.
(failed) => {
const isShown = (el) => {
  const r = el.getBoundingClientRect();
  return r.width > 1 && r.height > 1 && getComputedStyle(el).visibility === 'visible';
};
const squeeze = (text) => (text || '').normalize('NFKC').replace(/\s+/g, ' ').trim();
const shown = (selector) => [...document.querySelectorAll(selector)].filter(isShown);
const IN_THE_WAY = /ロボットでは(ない|ありません)|自動化されたアクセス|人間であること|画像認証|not a robot|verify (that )?you are (a )?human|(prove|show) (that )?you are a (human|person)|checking your browser/i;
const CHANGED_TERMS = /(規約|ポリシー|約款).*(改定|改訂|変更|更新)|(改定|改訂|変更|更新).*(規約|ポリシー|約款)|(new|updated?s?|changed?|changes to)\b.*\b(terms|privacy policy)|(terms|privacy policy).*(chang|updat)/i;
const ANY_TERMS = /(規約|約款).*同意|(accept|agree).*(terms|conditions)/i;
const NEW_PASSWORD = /パスワード.*(変更|更新|期限|再設定)|(change|expired|new|reset|update).*password|password.*(expired|change)/i;
const EXPIRED = /パスワードの?(有効)?期限(が|の|は)?.{0,6}(切れ|過ぎ|満了)|password (has |is )?expired/i;
const CLOSED = /メンテナンス(中|のため|作業中)|(ただいま|現在).{0,20}(停止|休止|メンテナンス)|(サービス|ご利用)時間外|(under|closed for|down for|scheduled) maintenance|temporarily (unavailable|closed)/i;

const heads = squeeze([document.title, ...shown('h1,h2,h3,legend,[role=heading]').map((el) => el.innerText)].join(' '));
const main = shown('main,[role=main],dialog[open],[role=dialog]').pop() || document.body || document.documentElement;
const text = squeeze(main.innerText);
const controls = shown('input:not([type=hidden]):not([type=submit]):not([type=button]):not([type=image]):not([type=reset]),select,textarea');
const typed = controls.filter((el) => !['checkbox', 'radio'].includes(el.type));
const passwords = typed.filter((el) => el.type === 'password').length;
const buttons = shown('button,input[type=submit],input[type=button],[role=button]').length;
const widgets = shown('iframe[src*=captcha],iframe[src*="challenges.cloudflare"],img[src*=captcha],.g-recaptcha,.h-captcha,.cf-turnstile,#challenge-form')
  .filter((el) => !el.closest('.grecaptcha-badge') && el.getBoundingClientRect().height > 20);

let kind = '';
if ((widgets.length || IN_THE_WAY.test(text)) && (failed ? widgets.length || typed.length < 2 : typed.length < 2)) kind = 'captcha';
else if (buttons && !typed.length && (CHANGED_TERMS.test(heads) || (failed && controls.length && ANY_TERMS.test(text)))) kind = 'terms';
else if ((passwords > 1 && NEW_PASSWORD.test(heads)) || (passwords > 1 && EXPIRED.test(text)) || (failed && !typed.length && EXPIRED.test(text))) kind = 'password';
else if (!typed.length && (CLOSED.test(heads) || (text.length < 400 && CLOSED.test(text))) && (failed || text.length < 400)) kind = 'maintenance';
return { kind, text: text.slice(0, 200) };
}
