const grab=()=>[...document.querySelectorAll('tr')].map(r=>r.innerText).filter(t=>/1[3-9]\d{9}|收件人/.test(t));
setInterval(()=>{const d=grab(); if(d.length) chrome.runtime.sendMessage({u:location.href,d});},5000);
